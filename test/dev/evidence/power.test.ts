import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { costTable } from '../../../dev/evidence/cost-power.ts';
import { bad, cleanTable, powerTable } from '../../../dev/evidence/power.ts';

const lines = (text: string) => text.split('\n').map((it) => it.replaceAll(/[\s-]+/g, ' '));

test('docs/evidence.md has the tables of power that the script makes', async () => {
  const page = lines(await readFile('docs/evidence.md', 'utf8'));
  // Those that are proven soon, so that 1,000 of them are played in no time.
  const quick = bad.filter(({ share }) => share > 0.15);
  expect(quick.length).toBeGreaterThan(1);
  for (const table of [powerTable(quick, 1000), costTable([3, 5], 1000), cleanTable(1000)]) {
    const [head, , ...rows] = lines(table);
    for (const line of [head, ...rows]) expect(page).toContain(line);
  }
});

test('numbers are of the built-in plan: 1 % of doubt among three guards and six gates', () => {
  const [row] = powerTable([{ what: 'all fail', share: 1, doubt: 1 }], 10)
    .split('\n')
    .slice(2);
  // ln(1 % / 9 / 2) / ln(1 %) = 1.6, and ln(1 % / 9 / 4 / 2) / ln(1 %) = 1.9.
  expect(row?.split('|').map((it) => it.trim())).toEqual(['', 'all fail', '2', '100 %', '2', '3', '']);
});
