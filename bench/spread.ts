/** The middle value and the largest, as they are written into tables. */
export function spread(values: readonly number[], digits = 1): { median: string; max: string } {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return { median: middle.toFixed(digits), max: (sorted.at(-1) ?? Number.NaN).toFixed(digits) };
}
