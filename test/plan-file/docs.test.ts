import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { allFields } from '../../src/plan-file/fields.ts';
import { complaints, fileText } from './text.ts';

let page: string;
let rows: ReadonlyMap<string, string>;

beforeAll(async () => {
  page = await readFile('docs/rollout-file.md', 'utf8');
  const section = page.slice(page.indexOf('## Fields'), page.indexOf('## When a file is refused'));
  const lines = section.split('\n').filter((it) => it.startsWith('| `'));
  rows = new Map(lines.map((it) => [it.split('`')[1] ?? '', it]));
});

/** The code blocks of a kind, in order. */
function blocks(kind: string): string[] {
  const all = [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return all.filter((it) => it[1] === kind).map((it) => it[2] ?? '');
}

describe('docs/rollout-file.md', () => {
  test('has a row for each field, and none for what is no field', () => {
    expect([...rows.keys()].toSorted()).toEqual([...new Set(allFields().map((it) => it.path))].toSorted());
  });

  test('tells each default, and what is required', () => {
    const wrong = allFields().filter(({ path, schema, required }) => {
      const cell = rows.get(path)?.split('|')[3] ?? '';
      const { default: value } = schema;
      if (value === undefined) return required !== cell.trim().startsWith('required');
      return !cell.includes(`\`${typeof value === 'string' ? value : JSON.stringify(value)}\``);
    });
    expect(wrong.map((it) => it.path)).toEqual([]);
  });

  test('its least file is good', () => {
    expect(complaints(blocks('yaml')[0] ?? '')).toEqual({ kind: 'ok', lines: [] });
  });

  test('its refused file is refused with these lines', () => {
    const [, , refused] = blocks('yaml');
    expect(complaints(refused ?? '')).toEqual({
      kind: 'refused',
      lines: blocks('')[0]?.trimEnd().split('\n'),
    });
  });

  test('the warnings it lists exist', () => {
    const { lines } = complaints(fileText({ added: ['  guards: []'] }));
    const section = page.slice(page.indexOf('## Warnings'));
    expect(lines.join()).toContain('nothing ends a bad bake');
    expect(section).toContain('`spec.guards`');
  });
});
