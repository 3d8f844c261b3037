import { expect, test } from '@jest/globals';
import { notBreached, sustain } from '../../../src/domain/analysis/sustained.ts';
import type { Verdict } from '../../../src/domain/analysis/verdict.ts';

type Look = readonly [outcome: Verdict['outcome'], atMs: number];

/** The breaches that a row of looks tells, in their order. */
function looks(sustainedForMs: number, row: readonly Look[]): boolean[] {
  let state = notBreached;
  return row.map(([outcome, nowMs]) => {
    const look = sustain(state, { outcome, nowMs, sustainedForMs });
    state = look.state;
    return look.breach;
  });
}

const cases: { name: string; sustainedForMs: number; row: Look[]; breaches: boolean[] }[] = [
  { name: 'at once: the first fail breaches', sustainedForMs: 0, row: [['fail', 5]], breaches: [true] },
  { name: 'at once: no fail, no breach', sustainedForMs: 0, row: [['pass', 5]], breaches: [false] },
  {
    name: 'a fail that lasts breaches when its time is full',
    sustainedForMs: 30,
    row: [
      ['fail', 10],
      ['fail', 39],
      ['fail', 40],
    ],
    breaches: [false, false, true],
  },
  {
    name: 'a pass ends it, and the next fail begins anew',
    sustainedForMs: 30,
    row: [
      ['fail', 10],
      ['pass', 20],
      ['fail', 30],
      ['fail', 59],
      ['fail', 60],
    ],
    breaches: [false, false, false, false, true],
  },
  {
    name: 'inconclusive does not end it',
    sustainedForMs: 30,
    row: [
      ['fail', 10],
      ['inconclusive', 20],
      ['fail', 40],
    ],
    breaches: [false, false, true],
  },
  {
    name: 'inconclusive does not breach, however long the fail before it is past',
    sustainedForMs: 30,
    row: [
      ['fail', 10],
      ['inconclusive', 1000],
    ],
    breaches: [false, false],
  },
  {
    name: 'inconclusive does not begin it',
    sustainedForMs: 30,
    row: [
      ['inconclusive', 0],
      ['fail', 35],
    ],
    breaches: [false, false],
  },
  {
    name: 'a clock that went back starts the time anew',
    sustainedForMs: 30,
    row: [
      ['fail', 100],
      ['fail', 50],
      ['fail', 79],
      ['fail', 80],
    ],
    breaches: [false, false, false, true],
  },
];

test.each(cases)('$name', ({ sustainedForMs, row, breaches }) => {
  expect(looks(sustainedForMs, row)).toEqual(breaches);
});

test('the state survives as JSON, as a heartbeat keeps it', () => {
  const { state } = sustain(notBreached, { outcome: 'fail', nowMs: 10, sustainedForMs: 30 });
  const kept = JSON.parse(JSON.stringify(state)) as typeof state;
  expect(sustain(kept, { outcome: 'fail', nowMs: 40, sustainedForMs: 30 }).breach).toBe(true);
});
