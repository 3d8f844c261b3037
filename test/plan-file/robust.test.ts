import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { parsePlan } from '../../src/plan-file/read.ts';
import { repaired } from '../../src/plan-file/repair.ts';

const junk: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  '',
  'x',
  '1h',
  '1%',
  true,
  [],
  {},
  [null],
  [{}],
  { a: 1 },
];
const bits = [
  '{',
  '}',
  '[',
  ']',
  ':',
  '-',
  '\n',
  '\t',
  '*',
  '&',
  '!',
  '"',
  '#',
  '|',
  '<<: *gates',
  '? ',
  ',',
];

describe('whatever a file says', () => {
  test('broken text gives a plan or problems, never an exception', async () => {
    const whole = await readFile('examples/canary.yaml', 'utf8');
    const draw = drawer(1);
    for (let round = 0; round < 300; round += 1) {
      const at = draw(whole.length);
      const text = whole.slice(0, at) + (pick(bits, draw) ?? '') + whole.slice(at + draw(3));
      expectAnAnswer(text);
    }
  });

  test('wrong values give problems, and the rules are asked about the rest', async () => {
    const whole: unknown = parse(await readFile('examples/canary.yaml', 'utf8'));
    const draw = drawer(2);
    for (let round = 0; round < 300; round += 1) {
      const data = structuredClone(whole);
      for (let change = 0; change <= draw(4); change += 1) spoil(data, draw);
      expectAnAnswer(stringify(data));
      expect(repaired(data)).not.toBeNull();
    }
  });
});

function expectAnAnswer(text: string): void {
  const answer = parsePlan(text, 'rollout.yaml');
  if (answer.kind === 'refused') expect(answer.problems.length).toBeGreaterThan(0);
}

/** Puts junk into some field, at any depth. */
function spoil(data: unknown, draw: (below: number) => number): void {
  let at = data as Record<string, unknown>;
  for (;;) {
    const key = pick(Object.keys(at), draw);
    const value = key === undefined ? null : at[key];
    if (key === undefined || typeof value !== 'object' || value === null || draw(3) === 0) {
      at[key ?? 'unknown'] = structuredClone(pick(junk, draw));
      return;
    }
    at = value as Record<string, unknown>;
  }
}

function pick<T>(all: readonly T[], draw: (below: number) => number): T | undefined {
  return all[draw(all.length)];
}

/** The same numbers every time: a linear congruential generator (Numerical Recipes). */
function drawer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
