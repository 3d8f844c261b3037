import { stripVTControlCharacters } from 'node:util';

/** Columns of a width that fits; the last one is not padded. Cells may be coloured. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(0, ...rows.map((row) => width(row[index] ?? ''))),
  );
  return rows.map((row) => `${indent}${line(row, widths)}\n`).join('');
}

function line(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, index) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(cell))))
    .join('  ')
    .trimEnd();
}

/** Characters that are seen: colours take none. */
export function width(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

/** At most so many characters, so that no terminal breaks the line. Text that is cut loses its colours. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const characters = Array.from(stripVTControlCharacters(text));
  return `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`;
}
