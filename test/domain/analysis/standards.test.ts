import { describe, expect, test } from '@jest/globals';
import { windowsOf } from '../../../src/domain/analysis/judge-guard.ts';
import { gateStandard, guardStandards } from '../../../src/domain/analysis/standards.ts';
import { planDefaults } from '../../../src/domain/plan/defaults.ts';
import { everLooked, onceLooked } from '../../../src/domain/statistics/looking.ts';
import { defaultPlan } from '../../support/plans.ts';

const plan = defaultPlan();
const [guard] = planDefaults.guards;
const gate = planDefaults.phases[0]?.gates[0];
if (guard === undefined || gate === undefined) throw new Error('the built-in plan has guards and gates');
const minute = 60_000;

describe('the doubt of the built-in plan', () => {
  // Three guards, and two gates in each of three phases.
  const each = 0.01 / 9;

  test('a gate looks once with one half of it, and again and again with the other', () => {
    expect(gateStandard(plan, gate, 'planned')).toMatchObject({
      alpha: { fail: each / 2, pass: 0.025 },
      looking: onceLooked,
    });
    expect(gateStandard(plan, gate, 'again')).toMatchObject({
      alpha: { fail: each / 2, pass: 0.025 },
      looking: everLooked,
    });
  });

  test('whoever estimates uses up nothing', () => {
    const guards = [...plan.guards, { ...guard, evidence: 'estimate' as const }];
    expect(gateStandard({ ...plan, guards }, gate, 'planned').alpha.fail).toBe(each / 2);
  });

  test('a guard spends its part at four weights, half of each for the look to its start', () => {
    const [longest] = guardStandards(plan, guard, minute);
    expect(longest).toMatchObject({ windowMs: minute, standard: { looking: everLooked } });
    expect(longest?.standard.alpha.fail).toBeCloseTo(each / 4 / 2, 12);
  });

  test('a guard that estimates looks over its window, and no further than to the start of the weight', () => {
    const estimating = { ...guard, evidence: 'estimate' as const };
    expect(
      windowsOf(plan, estimating, { elapsedMs: 90 * minute, beforeMs: 89 * minute, before: null }),
    ).toEqual([minute]);
    expect(windowsOf(plan, estimating, { elapsedMs: 1000, beforeMs: null, before: null })).toEqual([1000]);
  });
});
