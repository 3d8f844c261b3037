/** One measured quantity; figures are text as they are to be read, the unit is in `what`. */
export interface Row {
  readonly what: string;
  readonly median: string;
  readonly max: string;
  /** What it must stay below; empty where nothing is promised. */
  readonly budget: string;
}

/** A Markdown table with aligned columns. */
export function renderTable(rows: readonly Row[]): string {
  const head = { what: '', median: 'median', max: 'max', budget: 'budget' };
  const columns = ['what', 'median', 'max', 'budget'] as const;
  const widths = columns.map((column) => Math.max(...[head, ...rows].map((row) => row[column].length), 3));
  const line = (row: Row) =>
    `| ${columns.map((column, index) => row[column].padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
