/** Texts from files, people and other programs as Markdown that shows them as they are. */
import { oneLine } from './words.ts';

/** Ends of words are enough for `_`: GitHub and GitLab take none inside of a word for emphasis, and URLs stay whole. */
const special = /[\\`*{}[\]<>|~&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

/** Text for a place within a line. */
export function plainText(text: string): string {
  return oneLine(text).replaceAll(special, '\\$&');
}

/** A table; the cells are Markdown already. Empty without rows. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(titles) + line(titles.map(() => '---')) + rows.map(line).join('');
}

/** A part that is folded away until somebody opens it. */
export function folded(title: string, body: string): string {
  return body === '' ? '' : `<details><summary>${title}</summary>\n\n${body}\n</details>\n`;
}
