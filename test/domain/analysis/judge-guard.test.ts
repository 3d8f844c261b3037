import { describe, expect, test } from '@jest/globals';
import { judgeCriterion } from '../../../src/domain/analysis/judge.ts';
import { dueStandards, judgeGuard, windowsOf } from '../../../src/domain/analysis/judge-guard.ts';
import { measuredOver, type Measurement } from '../../../src/domain/analysis/measurement.ts';
import { notBreached, sustain } from '../../../src/domain/analysis/sustained.ts';
import type { Verdict } from '../../../src/domain/analysis/verdict.ts';
import { planDefaults } from '../../../src/domain/plan/defaults.ts';
import type { GuardPlan } from '../../../src/domain/plan/plan.ts';
import { defaultPlan } from '../../support/plans.ts';
import { measured } from './arms.ts';

const plan = defaultPlan();
const [guard] = planDefaults.guards;
if (guard === undefined) throw new Error('the built-in plan has guards');
const minute = 60_000;

describe('a guard', () => {
  const elapsedMs = 10 * minute;
  const first = { elapsedMs, beforeMs: null, before: null };
  const [all = 0, recent = 0] = windowsOf(plan, guard, first);
  const judge = (measurements: readonly (readonly [number, Measurement])[]) =>
    judgeGuard(plan, guard, { ...first, measurements: new Map(measurements) });
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
    const before = judge([[all, good]]);
    const elapsedHours = { elapsedMs: 240 * minute + 10_000, beforeMs: 240 * minute, before };
    const windows = windowsOf(plan, guard, elapsedHours);
    expect(windows).not.toContain(elapsedHours.elapsedMs);
    expect(windows.length).toBeGreaterThan(0);
    const again = (counts: Parameters<typeof measured>[0]) =>
      judgeGuard(plan, guard, {
        ...elapsedHours,
        measurements: new Map(windows.map((it) => [it, measured(counts)])),
      });
    expect(again({ requests: 60, failed: 0 })).toBe(before);
    expect(again({ requests: 60, failed: 30 }).outcome).toBe('fail');
    const blind = { ...elapsedHours, measurements: new Map() };
    expect(judgeGuard(plan, guard, blind)).toMatchObject({ outcome: 'inconclusive', gap: 'providerError' });
  });

  test('one failure in a few requests is no breach, nine in ten are', () => {
    expect(judge([[all, measured({ requests: 6, failed: 1 })]]).outcome).toBe('inconclusive');
    expect(judge([[all, measured({ requests: 10, failed: 9 })]]).outcome).toBe('fail');
  });

  describe('whose breach has to last', () => {
    const estimating = { ...guard, evidence: 'estimate' as const };
    const broken = judge([[all, measured({ requests: 6000, failed: 3000 })]]);
    /** The next look, after four hours. */
    const next = (
      of: GuardPlan,
      counts: (windowMs: number) => Parameters<typeof measured>[0],
      before: Verdict,
    ) => {
      const time = { elapsedMs: 240 * minute + 10_000, beforeMs: 240 * minute, before };
      const windows = windowsOf(plan, of, time);
      const measurements = new Map(windows.map((it) => [it, measured(counts(it))]));
      return judgeGuard(plan, of, { ...time, measurements });
    };

    test.each([
      ['needs proof', guard],
      ['estimates', estimating],
    ])('and that %s hears when it is over', (_, of) => {
      const verdict = next(of, () => ({ requests: 600, failed: 0 }), broken);
      expect(verdict).toMatchObject({ outcome: 'pass', samples: 600 });
      const { outcome } = verdict;
      const now = { outcome, nowMs: 2 * minute, sustainedForMs: minute };
      expect(sustain({ breachedSinceMs: 0 }, now)).toEqual({ state: notBreached, breach: false });
    });

    test('sees one that only the whole time proves at every look', () => {
      const small = (windowMs: number) =>
        windowMs > 200 * minute ? { requests: 6000, failed: 200 } : { requests: 60, failed: 1 };
      expect(next(guard, small, broken)).toMatchObject({ outcome: 'fail', samples: 6000 });
    });

    test('tells its present window at every look when it estimates', () => {
      const before = next(estimating, () => ({ requests: 600, failed: 0 }), broken);
      const now = next(estimating, () => ({ requests: 600, failed: 3 }), before);
      expect(now).toMatchObject({ outcome: 'pass', value: 0.005 });
    });
  });

  test('too few requests in a short window do not take back what the whole time says', () => {
    const before = judge([[all, good]]);
    const later = { elapsedMs: 240 * minute + 10_000, beforeMs: 240 * minute, before };
    const windows = windowsOf(plan, guard, later);
    const measurements = new Map(windows.map((it) => [it, measured({ requests: 6, failed: 0 })]));
    expect(judgeGuard(plan, guard, { ...later, measurements })).toBe(before);
  });

  test('breaches exactly when one of its windows, judged in full, is proven to be broken', () => {
    const counts = [0, 1, 2, 3, 5, 8, 13, 21, 34].flatMap((failed) =>
      [6, 60, 600, 6000].filter((it) => it >= failed).map((requests) => ({ requests, failed })),
    );
    const seen = { fail: 0, other: 0 };
    for (const whole of counts)
      for (const part of counts) {
        const measurements = [
          [all, measured(whole)],
          [recent, measured(part)],
        ] as const;
        const full = dueStandards(plan, guard, first).map(({ windowMs, standard }) =>
          judgeCriterion(guard.criterion, standard, measuredOver(new Map(measurements), windowMs)),
        );
        const isBroken = full.some((it) => it.outcome === 'fail');
        const verdict = judge(measurements);
        expect([whole, part, verdict.outcome === 'fail']).toEqual([whole, part, isBroken]);
        if (!isBroken) expect(verdict).toEqual(full[0]);
        seen[isBroken ? 'fail' : 'other'] += 1;
      }
    expect(Math.min(seen.fail, seen.other)).toBeGreaterThan(100);
  });
});
