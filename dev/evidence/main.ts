/** `make evidence`: plays made-up canaries, and writes what came of it into the docs. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { bad, cleanTable, powerTable } from './power.ts';
import { costTable, dear } from './cost-power.ts';
import { drops, favours, favourTable, judgeTable, sizes } from './judge-power.ts';
import { outcomesTable, rows } from './tables.ts';

const root = path.join(import.meta.dirname, '../..');
const times = 1000;

/** Each page has the place `<!-- make evidence -->`, `<!-- end -->` for it; those after the first have a name. */
const places = [
  { file: 'docs/evidence.md', name: '', written: () => Promise.resolve(outcomesTable(rows, times)) },
  {
    file: 'docs/evidence.md',
    name: ': bad canaries',
    written: () => Promise.resolve(powerTable(bad, times)),
  },
  {
    file: 'docs/evidence.md',
    name: ': dear canaries',
    written: () => Promise.resolve(costTable(dear, times)),
  },
  { file: 'docs/evidence.md', name: ': clean canaries', written: () => Promise.resolve(cleanTable(times)) },
  { file: 'docs/before-the-start.md', name: '', written: simulated },
  {
    file: 'docs/judge.md',
    name: ': judged canaries',
    written: () => Promise.resolve(judgeTable(drops, sizes, times)),
  },
  {
    file: 'docs/judge.md',
    name: ': judges that favour',
    written: () => Promise.resolve(favourTable(favours, 400, times)),
  },
];
const placeOf = (name: string) =>
  new RegExp(`(?<=<!-- make evidence${name} -->\\n\\n)[^]*?(?=\\n\\n?<!-- end -->)`);

/** What the command says of the default plan. */
async function simulated(): Promise<string> {
  const shown = ['simulate', 'rollout.yaml', '--requests-per-second', '10'];
  const used = shown.map((it) => (it === 'rollout.yaml' ? 'examples/canary.yaml' : it));
  const sluice = ['src/cli/main.ts', ...used];
  const { stdout } = await promisify(execFile)(process.execPath, sluice, { cwd: root });
  return ['```', `$ sluice ${shown.join(' ')}`, stdout.trimEnd(), '```'].join('\n');
}

for (const { file, name, written } of places) {
  const page = path.join(root, file);
  const text = await readFile(page, 'utf8');
  const place = placeOf(name);
  if (!place.test(text)) throw new Error(`${file} has no place for the table${name}`);
  const table = await written();
  await writeFile(
    page,
    text.replace(place, () => table),
  );
  process.stdout.write(`${file}\n${table}\n\n`);
}
