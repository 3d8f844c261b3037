import { describe, expect, test } from '@jest/globals';
import { judgeCriterion } from '../../../src/domain/analysis/judge.ts';
import type { Measurement } from '../../../src/domain/analysis/measurement.ts';
import type { Standard } from '../../../src/domain/analysis/standard.ts';
import { limitText } from '../../../src/domain/analysis/wording.ts';
import type { Evidence } from '../../../src/domain/plan/evidence.ts';
import type { Criterion } from '../../../src/domain/plan/plan.ts';
import { onceLooked } from '../../../src/domain/statistics/looking.ts';
import { exactBounds } from '../../../src/domain/statistics/exact-bounds.ts';

const satisfied = (limit: object) => ({ metric: 'user-satisfaction', ...limit }) as Criterion;
const standard = (evidence: Evidence, fail = 0.05): Standard => {
  return { evidence, minimumSamples: 50, alpha: { fail, pass: 0.05 }, looking: onceLooked };
};
const rated = (canaryBad: number, stableBad = 100): Measurement => {
  const of = (bad: number) => ({ 'user-satisfaction': { bad, total: 1000 } });
  return { kind: 'measured', stable: of(stableBad), canary: of(canaryBad) };
};

describe('what must stay above a limit', () => {
  test.each<{ limit: object; bad: number; outcome: string }>([
    { limit: { min: 0.85 }, bad: 100, outcome: 'pass' },
    { limit: { min: 0.85 }, bad: 200, outcome: 'fail' },
    { limit: { min: 0.85 }, bad: 150, outcome: 'inconclusive' },
    { limit: { minRatio: 0.9 }, bad: 100, outcome: 'pass' },
    { limit: { minRatio: 0.9 }, bad: 300, outcome: 'fail' },
    { limit: { minDifference: -0.05 }, bad: 90, outcome: 'pass' },
    { limit: { minDifference: -0.05 }, bad: 140, outcome: 'inconclusive' },
    { limit: { minDifference: -0.05 }, bad: 300, outcome: 'fail' },
  ])('$limit with $bad of 1,000 dissatisfied, stable 100: $outcome', ({ limit, bad, outcome }) => {
    expect(judgeCriterion(satisfied(limit), standard('proven'), rated(bad)).outcome).toBe(outcome);
  });

  test('the limit itself fails', () => {
    const criterion = satisfied({ min: 0.85 });
    expect(judgeCriterion(criterion, standard('estimate'), rated(150)).outcome).toBe('fail');
    expect(judgeCriterion(criterion, standard('estimate'), rated(149)).outcome).toBe('pass');
  });

  test('the end that fails has the doubt that a fail may have', () => {
    const { interval } = judgeCriterion(satisfied({ min: 0.85 }), standard('proven', 0.001), rated(150));
    expect(interval?.high).toBeCloseTo(1 - exactBounds.low({ bad: 150, total: 1000 }, 0.001), 12);
    expect(interval?.low).toBeCloseTo(1 - exactBounds.high({ bad: 150, total: 1000 }, 0.05), 12);
  });

  test('one sentence says it, of ratings', () => {
    const at = (limit: object, bad: number) =>
      judgeCriterion(satisfied(limit), standard('estimate'), rated(bad)).sentence;
    expect(at({ min: 0.85 }, 120)).toBe('user satisfaction 88 % of 1000 ratings, limit > 85 %');
    expect(at({ minDifference: -0.05 }, 120)).toBe(
      "user satisfaction 88 % of 1000 ratings, 2 % less than stable's 90 % of 1000 ratings, limit > -5 %",
    );
  });

  test('without ratings nobody can tell', () => {
    const none: Measurement = {
      kind: 'measured',
      stable: { 'user-satisfaction': { bad: 1, total: 100 } },
      canary: { 'user-satisfaction': { bad: 0, total: 0 } },
    };
    expect(judgeCriterion(satisfied({ min: 0.85 }), standard('proven'), none)).toMatchObject({
      outcome: 'inconclusive',
      sentence: 'user satisfaction not judged: nobody has rated',
    });
  });

  test.each([
    [{ min: 0.85 }, '> 85 %'],
    [{ minRatio: 0.98 }, '> 0.98 x stable'],
    [{ minDifference: -0.02 }, '> stable - 2 %'],
    [{ minDifference: 0.01 }, '> stable + 1 %'],
  ])('%j is written %j', (limit, text) => {
    expect(limitText(satisfied(limit))).toBe(text);
  });
});
