import { styleText } from 'node:util';
import type { Addresses } from './external.ts';
import type { PartStatus } from './status.ts';

const colour = (format: Parameters<typeof styleText>[0], text: string) =>
  styleText(format, text, { stream: process.stdout });

/** The table of `make status`, and where to find what people open. */
export function renderStatus(name: string, parts: readonly PartStatus[]): string {
  const width = Math.max(...parts.map((part) => part.name.length));
  const rows = parts.map((part) => {
    const mark = part.health.healthy ? colour('green', '✔ healthy') : colour('red', '✖ failing');
    const more = part.health.healthy
      ? colour('dim', part.about)
      : `${part.health.seen}  ${colour('dim', part.log ?? '')}`;
    return `  ${part.name.padEnd(width)}  ${mark}  ${more}`;
  });
  const addresses = Object.assign({}, ...parts.map((part) => part.addresses)) as Record<string, string>;
  return [`Platform ${name}`, ...rows, '', ...renderPairs(addresses)].join('\n');
}

/** Lines of aligned labels and addresses. */
export function renderPairs(pairs: Readonly<Record<string, string>>): string[] {
  const width = Math.max(...Object.keys(pairs).map((label) => label.length));
  return Object.entries(pairs).map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
}

/** Two PATHs as one: the first one's folders in front, each folder once. */
export function joinPaths(first: string, second: string): string {
  return [...new Set(`${first}:${second}`.split(':').filter((folder) => folder !== ''))].join(':');
}

/** `export` lines for a shell's `eval`. */
export function renderExports(addresses: Addresses, searchPath?: string): string {
  const all = { ...addresses, ...(searchPath === undefined ? {} : { PATH: searchPath }) };
  return Object.entries(all)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join('\n');
}
