/** Markdown as Temporal's UI draws it well. */

/** The UI draws tables without any space between columns. */
const gap = '\u00a0\u00a0\u00a0';

/** A table whose cells stay apart; cells are Markdown themselves. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((it) => `${it}${gap}`).join(' | ')} |`;
  return [line(head), `|${head.map(() => ':--').join('|')}|`, ...rows.map(line)].join('\n');
}

/** A list; it needs an empty line before it. */
export function markdownList(lines: readonly string[]): string {
  return lines.map((it) => `- ${it}`).join('\n');
}

/** Words of people and of errors, on one line, that shall not act as Markdown or vanish as a tag. */
export function plainMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*[]|<(?=[a-z/!?])/gi, '\\$&');
}
