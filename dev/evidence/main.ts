/** `make evidence`: plays made-up canaries, and writes the table of docs/evidence.md. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { outcomesTable, rows } from './tables.ts';

const page = path.join(import.meta.dirname, '../../docs/evidence.md');
const times = 1000;

const text = await readFile(page, 'utf8');
const table = /(?<=<!-- make evidence -->\n\n)[^]*(?=\n\n<!-- end -->)/;
if (!table.test(text)) throw new Error('docs/evidence.md has no place for the table');
const written = outcomesTable(rows, times);
await writeFile(page, text.replace(table, written));
process.stdout.write(`${written}\n`);
