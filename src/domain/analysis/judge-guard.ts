import type { GuardPlan, Plan } from '../plan/plan.ts';
import { judgeCriterion } from './judge.ts';
import { isDue } from './looks.ts';
import { measuredOver, type Measurement } from './measurement.ts';
import { guardStandards, type GuardStandard } from './standards.ts';
import type { Verdict } from './verdict.ts';

/** When a guard looks, in ms since the canary got its weight. */
export interface GuardTime {
  readonly elapsedMs: number;
  /** Its look before this one; null for none. */
  readonly beforeMs: number | null;
}

/** What a guard looks at. */
export interface Looked extends GuardTime {
  /** By window, in ms. */
  readonly measurements: ReadonlyMap<number, Measurement>;
  /** What it said before; null for nothing. */
  readonly before: Verdict | null;
}

/** Over which windows a guard wants to be measured now, in ms, the longest first. */
export function windowsOf(plan: Plan, guard: GuardPlan, time: GuardTime): number[] {
  return dueStandards(plan, guard, time).map((it) => it.windowMs);
}

/**
 * Holds a guard's criterion against every window that it looks back to now: `fail` in one of them is a breach. Without
 * one the longest window speaks, as it did when it was looked at last; its `pass` says only that no breach was seen.
 */
export function judgeGuard(plan: Plan, guard: GuardPlan, { measurements, before, ...time }: Looked): Verdict {
  const due = dueStandards(plan, guard, time);
  const verdicts = due.map(({ windowMs, standard }) => {
    return judgeCriterion(guard.criterion, standard, measuredOver(measurements, windowMs));
  });
  const breach = verdicts.find((it) => it.outcome === 'fail');
  if (breach !== undefined) return breach;
  const [longest] = verdicts;
  if (longest === undefined) throw new RangeError('a guard looks at something');
  // Of numbers that are away now nobody can say what they said before.
  const isWhole = due[0]?.windowMs === time.elapsedMs || longest.outcome === 'inconclusive';
  return isWhole ? longest : (before ?? longest);
}

/** The windows that a guard looks at now, and how sure each has to be; the longest first. */
export function dueStandards(
  plan: Plan,
  guard: GuardPlan,
  { elapsedMs, beforeMs }: GuardTime,
): GuardStandard[] {
  const all = guardStandards(plan, guard, elapsedMs);
  const [shortest] = all.slice(-1);
  return all.filter((it) => it === shortest || isDue(it.windowMs, { elapsedMs, beforeMs }));
}
