import type { GuardPlan, Plan } from '../plan/plan.ts';
import { judgeCriterion } from './judge.ts';
import type { Measurement } from './measurement.ts';
import { guardStandards } from './standards.ts';
import type { Verdict } from './verdict.ts';

/** What a guard looks at: how long the canary has this weight, and what was measured over which windows. */
export interface Looked {
  readonly elapsedMs: number;
  readonly measurements: ReadonlyMap<number, Measurement>;
}

/** Over which windows a guard wants to be measured, in ms, the longest first. */
export function windowsOf(plan: Plan, guard: GuardPlan, elapsedMs: number): number[] {
  return guardStandards(plan, guard, elapsedMs).map((it) => it.windowMs);
}

/**
 * Holds a guard's criterion against every window that it looks back to: `fail` in one of them is a breach. Without one
 * the longest window speaks; its `pass` says only that no breach was seen.
 */
export function judgeGuard(plan: Plan, guard: GuardPlan, { elapsedMs, measurements }: Looked): Verdict {
  const verdicts = guardStandards(plan, guard, elapsedMs).map(({ windowMs, standard }) => {
    const measurement = measurements.get(windowMs) ?? { kind: 'noData', why: 'nobody measured' };
    return judgeCriterion(guard.criterion, standard, measurement);
  });
  const [longest] = verdicts;
  if (longest === undefined) throw new RangeError('a guard looks at something');
  return verdicts.find((it) => it.outcome === 'fail') ?? longest;
}
