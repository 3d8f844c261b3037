import { expect, test } from '@jest/globals';
import { assumedTokens, judgeCost, moneyOf } from '../../../src/domain/judge/cost.ts';
import { judgePlan } from '../../support/plans.ts';

const price = { inputPerMillion: 2, outputPerMillion: 8 };

test('400 prompts: both arms answer them, stable’s noise pairs again, the judge sees each pair twice', () => {
  const found = judgeCost(judgePlan({ price }), 400);
  // 40 noise and 40 sanity pairs.
  expect(found.calls).toEqual({ stable: 440, canary: 400, judge: 960 });
  expect(found.tokens).toEqual({
    stable: { input: 440 * 200, output: 440 * 300 },
    canary: { input: 400 * 200, output: 400 * 300 },
    judge: { input: 960 * (500 + 200 + 600), output: 960 * 150 },
  });
  expect(found.money).toBeCloseTo((960 * 1300 * 2 + 960 * 150 * 8) / 1e6, 12);
});

test.each([
  { what: 'checkers alone', plan: judgePlan({ endpoint: null }), checked: 0, calls: 0 },
  { what: 'a checker for half of them', plan: judgePlan(), checked: 0.5, calls: 2 * (220 + 40) },
  {
    what: 'no pair but the arms’',
    plan: judgePlan({ noiseShare: 0, sanityShare: 0 }),
    checked: 0,
    calls: 800,
  },
  { what: 'fewer by the plan', plan: judgePlan({ mostPrompts: 100 }), checked: 0, calls: 240 },
  { what: 'more by the plan', plan: judgePlan({ mostPrompts: 1000 }), checked: 0, calls: 960 },
])('$what: the judge is asked $calls times', ({ plan, checked, calls }) => {
  expect(judgeCost(plan, 400, { checked }).calls.judge).toBe(calls);
});

test('answers are no longer than the plan lets them be', () => {
  const short = judgePlan({ sampling: { temperature: 0, seed: 1, maxTokens: 50 } });
  expect(judgeCost(short, 10).tokens.canary.output).toBe(500);
  const assumed = { ...assumedTokens, answer: 20 };
  expect(judgeCost(short, 10, { assumed }).tokens.canary.output).toBe(200);
});

test('without a price nobody says what it costs', () => {
  expect(judgeCost(judgePlan(), 400).money).toBeNull();
  expect(moneyOf(price, { input: 1_000_000, output: 500_000 })).toBe(6);
});
