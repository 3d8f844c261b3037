import { expect, test } from '@jest/globals';
import { usual } from '../../../src/domain/simulation/behaviour.ts';
import { Counters } from '../../../src/domain/simulation/counters.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';

const failing = { ...usual, shares: { ...usual.shares, 'error-rate': 1 } };

test('counters tell any window back to a step: its requests, failures and cumulative buckets', () => {
  const counters = new Counters(['error-rate', 'ttft'], seededRandom(1));
  counters.advance(1000, 100, failing);
  counters.advance(2000, 150, { ...usual, shares: { ...usual.shares, 'error-rate': 0 } });
  counters.advance(3000, 350, failing);
  expect([counters.requests, counters.failed]).toEqual([350, 300]);
  expect(counters.over(3000)['error-rate']).toEqual({ bad: 300, total: 350 });
  expect(counters.over(2000)['error-rate']).toEqual({ bad: 200, total: 250 });
  expect(counters.over(1000)['error-rate']).toEqual({ bad: 200, total: 200 });
  // Between two steps it reaches back to the one before.
  expect(counters.over(1500)['error-rate']).toEqual({ bad: 200, total: 250 });
  const { ttft } = counters.over(1000);
  if (ttft === undefined || 'missing' in ttft) throw new Error('no histogram');
  const counts = ttft.buckets.map((it) => it.count);
  expect(counts).toEqual(counts.toSorted((one, other) => one - other));
  expect(ttft.buckets.at(-1)).toEqual({ upTo: null, count: 200 });
  expect(counts[0]).toBe(0);
});
