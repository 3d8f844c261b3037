import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { alertLabels } from '../../../src/worker/alerts/address.ts';
import { alertResults, requestResults } from '../../../src/worker/alerts/results.ts';

let page: string;
beforeAll(async () => {
  page = await readFile('docs/alerts.md', 'utf8');
});

/** The first cells of a section's tables, without the marks of code. */
const rowsOf = (heading: string): string[] => {
  const section = page.split(/^## /m).find((it) => it.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| (`.*?) +\|/gm)].map(([, cell = '']) => cell.replaceAll('`', ''));
};

describe('docs/alerts.md', () => {
  test('has a row for each result, and none for what is no result', () => {
    expect(rowsOf('Answers').toSorted()).toEqual([...alertResults, ...requestResults].toSorted());
  });

  test('has a row for each label', () => {
    const rows = rowsOf('Set up').map((it) => it.split(' or ')[0]);
    expect(rows).toEqual(expect.arrayContaining(Object.values(alertLabels)));
  });
});
