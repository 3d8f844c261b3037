import { expect, test } from '@jest/globals';
import { gateStandard } from '../../../src/domain/analysis/standards.ts';
import { judgeStandard } from '../../../src/domain/judge/standard.ts';
import { onceLooked } from '../../../src/domain/statistics/looking.ts';
import { defaultPlan, judgePlan } from '../../support/plans.ts';

const limits = { maxDrop: 0.1, minWinRate: 0.4, minScore: null };

// Three guards, and two gates in each of three phases, are nine.
test.each([
  { what: 'one limit in three phases', judge: judgePlan(), parts: 12 },
  { what: 'two limits in three phases', judge: judgePlan({ limits }), parts: 15 },
  { what: 'two limits in one phase', judge: judgePlan({ limits, atWeights: [10] }), parts: 11 },
  { what: 'weights that the plan does not have', judge: judgePlan({ atWeights: [10, 25] }), parts: 10 },
])('of the doubt, $what: a part of $parts', ({ judge, parts }) => {
  const standard = judgeStandard(defaultPlan({ judge }));
  expect(standard).toMatchObject({ evidence: 'proven', minimumSamples: 100, looking: onceLooked });
  expect(standard.alpha.fail).toBeCloseTo(0.01 / parts, 12);
  expect(standard.alpha.pass).toBe(0.05);
});

test('gates give the judge its part, but not to one that estimates', () => {
  const [gate] = defaultPlan().phases[0]?.gates ?? [];
  if (gate === undefined) throw new Error('the built-in plan has gates');
  const failAt = (judge: ReturnType<typeof judgePlan> | null) =>
    gateStandard(defaultPlan({ judge }), gate, 'planned').alpha.fail;
  expect(failAt(judgePlan())).toBeCloseTo(0.01 / 12 / 2, 12);
  expect(failAt(judgePlan({ evidence: 'estimate' }))).toBeCloseTo(0.01 / 9 / 2, 12);
  expect(failAt(null)).toBeCloseTo(0.01 / 9 / 2, 12);
});

test('a plan of before there were judges has none', () => {
  const { judge, ...before } = defaultPlan();
  expect(judge).toBeNull();
  const [gate] = before.phases[0]?.gates ?? [];
  if (gate === undefined) throw new Error('the built-in plan has gates');
  const alpha = gateStandard(before as ReturnType<typeof defaultPlan>, gate, 'planned').alpha.fail;
  expect(alpha).toBeCloseTo(0.01 / 9 / 2, 12);
});

test('a plan without a judge has no standard for one', () => {
  expect(() => judgeStandard(defaultPlan())).toThrow('nobody judges by this plan');
});
