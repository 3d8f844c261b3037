import type { GuardPlan, Plan } from '../plan/plan.ts';
import { undoubted } from '../statistics/looking.ts';
import { judgeCriterion } from './judge.ts';
import { isDue } from './looks.ts';
import { measuredOver, type Measurement } from './measurement.ts';
import type { Standard } from './standard.ts';
import { guardStandards, type GuardStandard } from './standards.ts';
import type { Verdict } from './verdict.ts';

/** When a guard looks, in ms since the canary got its weight. */
export interface GuardTime {
  readonly elapsedMs: number;
  /** Its look before this one; null for none. */
  readonly beforeMs: number | null;
  /** What it said then; null for nothing. */
  readonly before: Verdict | null;
}

/** What a guard looks at. */
export interface Looked extends GuardTime {
  /** By window, in ms. */
  readonly measurements: ReadonlyMap<number, Measurement>;
}

/** Over which windows a guard wants to be measured now, in ms, the longest first. */
export function windowsOf(plan: Plan, guard: GuardPlan, time: GuardTime): number[] {
  return dueStandards(plan, guard, time).map((it) => it.windowMs);
}

/**
 * Holds a guard's criterion against every window that it looks back to now: `fail` in one of them is a breach. Without
 * one the longest window speaks, as it did when it was looked at last; its `pass` says only that no breach was seen.
 */
export function judgeGuard(plan: Plan, guard: GuardPlan, { measurements, ...time }: Looked): Verdict {
  const due = dueStandards(plan, guard, time);
  const { before } = time;
  const longestMs = due[0]?.windowMs;
  const isWhole = longestMs === guardStandards(plan, guard, time.elapsedMs)[0]?.windowMs;
  const kept = isWhole ? null : before;
  const verdicts = due.map(({ windowMs, standard }) => {
    const measurement = measuredOver(measurements, windowMs);
    const seen = judgeCriterion(guard.criterion, asSeen(standard), measurement);
    // What is not even seen is not proven, and the interval of a verdict that nobody hears is dear.
    const isHeard = windowMs === longestMs && kept === null;
    return seen.outcome === 'pass' && !isHeard
      ? seen
      : judgeCriterion(guard.criterion, standard, measurement);
  });
  const breach = verdicts.find((it) => it.outcome === 'fail');
  if (breach !== undefined) return breach;
  const [told] = verdicts;
  if (told === undefined) throw new RangeError('a guard looks at something');
  if (kept === null) return told;
  // Of numbers that are away now nobody can say what they said before; too few of them in a short window say nothing.
  return told.gap === null || told.gap === 'tooFewSamples' ? kept : told;
}

function asSeen(standard: Standard): Standard {
  return { ...standard, evidence: 'estimate', looking: undoubted };
}

/**
 * The windows that a guard looks at now, and how sure each has to be; the longest first. After a breach all of them: that
 * it lasts, or is over, is to be seen and not remembered.
 */
export function dueStandards(
  plan: Plan,
  guard: GuardPlan,
  { elapsedMs, beforeMs, before }: GuardTime,
): GuardStandard[] {
  const all = guardStandards(plan, guard, elapsedMs);
  const [shortest] = all.slice(-1);
  const since = { elapsedMs, beforeMs: before?.outcome === 'fail' ? null : beforeMs };
  return all.filter((it) => it === shortest || isDue(it.windowMs, since));
}
