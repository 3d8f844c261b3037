import { allFields } from './fields.ts';

const longestName = 40;

/** What an unknown field was probably meant to be: a near name beside it, or the same name elsewhere. */
export function suggest(name: string, beside: readonly string[]): string | null {
  // Nobody means a field by a name of that length, and the table below would be large.
  if (name.length > longestName) return null;
  const best = beside
    .map((it) => ({ it, distance: distance(name.toLowerCase(), it.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  if (best !== undefined && best.distance <= Math.max(1, name.length / 3)) return best.it;
  const elsewhere = allFields().find((it) => it.path.endsWith(`.${name}`) && !it.path.includes('[]'));
  return elsewhere?.path ?? null;
}

/**
 * Optimal string alignment: how many letters to add, drop, change or swap
 * (https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance).
 */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = at(rows, i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? at(rows, i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(at(rows, i - 1, j) + 1, (row[j - 1] ?? Infinity) + 1, change, swap));
    }
    rows.push(row);
  }
  return at(rows, a.length, b.length);
}

function at(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? Infinity;
}
