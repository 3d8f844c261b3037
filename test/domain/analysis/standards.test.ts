import { describe, expect, test } from '@jest/globals';
import { judgeGuard, windowsOf } from '../../../src/domain/analysis/judge-guard.ts';
import { gateStandard, guardStandards } from '../../../src/domain/analysis/standards.ts';
import type { Measurement } from '../../../src/domain/analysis/measurement.ts';
import { planDefaults } from '../../../src/domain/plan/defaults.ts';
import { exactBounds } from '../../../src/domain/statistics/exact-bounds.ts';
import { sequentialBounds } from '../../../src/domain/statistics/sequential-bounds.ts';
import { defaultPlan } from '../../support/plans.ts';
import { measured } from './arms.ts';

const plan = defaultPlan();
const [guard] = planDefaults.guards;
const gate = planDefaults.phases[0]?.gates[0];
if (guard === undefined || gate === undefined) throw new Error('the built-in plan has guards and gates');
const minute = 60_000;

describe('the doubt of the built-in plan', () => {
  // Two guards, and two gates in each of three phases.
  const each = 0.01 / 8;

  test('a gate looks once with one half of it, and again and again with the other', () => {
    expect(gateStandard(plan, gate, 'planned')).toMatchObject({
      alpha: { fail: each / 2, pass: 0.025 },
      bounds: exactBounds,
    });
    expect(gateStandard(plan, gate, 'again')).toMatchObject({
      alpha: { fail: each / 2, pass: 0.025 },
      bounds: sequentialBounds,
    });
  });

  test('a guard spends its part at four weights, half of each for the look to its start', () => {
    const [longest] = guardStandards(plan, guard, minute);
    expect(longest).toMatchObject({ windowMs: minute, standard: { bounds: sequentialBounds } });
    expect(longest?.standard.alpha.fail).toBeCloseTo(each / 4 / 2, 12);
  });

  test('a guard that estimates looks over its window, and no further than to the start of the weight', () => {
    const estimating = { ...guard, evidence: 'estimate' as const };
    expect(windowsOf(plan, estimating, { elapsedMs: 90 * minute, beforeMs: 89 * minute })).toEqual([minute]);
    expect(windowsOf(plan, estimating, { elapsedMs: 1000, beforeMs: null })).toEqual([1000]);
  });
});

describe('a guard', () => {
  const elapsedMs = 10 * minute;
  const first = { elapsedMs, beforeMs: null };
  const [all = 0, recent = 0] = windowsOf(plan, guard, first);
  const judge = (measurements: readonly (readonly [number, Measurement])[]) =>
    judgeGuard(plan, guard, { ...first, before: null, measurements: new Map(measurements) });
  const good = measured({ requests: 6000, failed: 6 });

  test('breaches by its recent window though the whole time is good', () => {
    const verdict = judge([
      [all, good],
      [recent, measured({ requests: 60, failed: 12 })],
    ]);
    expect(verdict).toMatchObject({ outcome: 'fail', samples: 60 });
  });

  test('passes by the whole time when no window has a breach: none was seen', () => {
    const verdict = judge([
      [all, good],
      [recent, measured({ requests: 60, failed: 1 })],
    ]);
    expect(verdict).toMatchObject({ outcome: 'pass', samples: 6000 });
  });

  test('says nothing of what was not measured', () => {
    expect(judge([])).toMatchObject({ outcome: 'inconclusive', gap: 'providerError' });
  });

  test('says of hours what it said when it looked at them last', () => {
    const elapsedHours = { elapsedMs: 240 * minute + 10_000, beforeMs: 240 * minute };
    const windows = windowsOf(plan, guard, elapsedHours);
    expect(windows).not.toContain(elapsedHours.elapsedMs);
    expect(windows.length).toBeGreaterThan(0);
    const before = judge([[all, good]]);
    const again = (counts: Parameters<typeof measured>[0]) =>
      judgeGuard(plan, guard, {
        ...elapsedHours,
        before,
        measurements: new Map(windows.map((it) => [it, measured(counts)])),
      });
    expect(again({ requests: 60, failed: 0 })).toBe(before);
    expect(again({ requests: 60, failed: 30 }).outcome).toBe('fail');
    const blind = { ...elapsedHours, before, measurements: new Map() };
    expect(judgeGuard(plan, guard, blind)).toMatchObject({ outcome: 'inconclusive', gap: 'providerError' });
  });

  test('one failure in a few requests is no breach, nine in ten are', () => {
    expect(judge([[all, measured({ requests: 6, failed: 1 })]]).outcome).toBe('inconclusive');
    expect(judge([[all, measured({ requests: 10, failed: 9 })]]).outcome).toBe('fail');
  });
});
