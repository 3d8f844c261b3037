/**
 * How many to take of each stratum: in proportion to their sizes, at least one of each, no more than there are, `count`
 * in all. What is left by rounding goes to those that are furthest below their share (Hare's method of largest
 * remainders). With more strata than `count`, one each of the largest.
 * @param sizes all above 0
 */
export function quotas(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, it) => sum + it, 0);
  if (count >= total) return [...sizes];
  if (count <= sizes.length) {
    const largest = sizes
      .map((size, index) => ({ size, index }))
      .sort((a, b) => b.size - a.size || a.index - b.index);
    const taken = new Set(largest.slice(0, count).map((it) => it.index));
    return sizes.map((_size, index) => (taken.has(index) ? 1 : 0));
  }
  const shares = sizes.map((it) => (count * it) / total);
  const given = shares.map((it) => Math.max(1, Math.floor(it)));
  for (let left = count - sumOf(given); left !== 0; left -= Math.sign(left)) {
    const lacks = shares.map((share, index) => share - (given[index] ?? 0));
    // Too many only where small strata have been given one: the larger ones pay for it, and keep one.
    const index =
      left > 0
        ? indexOfMost(lacks)
        : indexOfMost(lacks.map((it, at) => ((given[at] ?? 0) > 1 ? -it : -Infinity)));
    given[index] = (given[index] ?? 0) + Math.sign(left);
  }
  return given;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, it) => sum + it, 0);
}

function indexOfMost(numbers: readonly number[]): number {
  return numbers.reduce((most, it, index) => (it > (numbers[most] ?? -Infinity) ? index : most), 0);
}
