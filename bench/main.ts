/** `make bench`: measures what the docs state and writes it to bench/results/. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { reportError } from '../dev/platform/errors.ts';
import { describeMachine } from './machine.ts';
import { measurePlatform } from './platform.ts';
import { renderTable } from './table.ts';

async function bench(): Promise<void> {
  const rows = await measurePlatform((line) => process.stderr.write(`${line}\n`));
  const machine = await describeMachine();
  const text = `# The embedded platform\n\nWritten by \`make bench\` on ${machine}.\n\n${renderTable(rows)}\n`;
  const folder = path.join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'platform.md'), text);
  process.stdout.write(`\n${text}`);
}

await bench().catch(reportError);
