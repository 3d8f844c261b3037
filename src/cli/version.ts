import { readFileSync } from 'node:fs';

/** The version in package.json, which lies beside the source wherever it runs. */
export function sluiceVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
