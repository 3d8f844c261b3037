import { judgeCriterion } from '../analysis/judge.ts';
import { judgeGuard, windowsOf } from '../analysis/judge-guard.ts';
import { gateStandard } from '../analysis/standards.ts';
import { combine } from '../analysis/verdict.ts';
import type { PhasePlan, Plan } from '../plan/plan.ts';
import { expectedArms, requestsToCanary } from './expected.ts';
import type { Traffic } from './traffic.ts';

/** What is likely to become of a canary that fails so many of its requests, and is as stable is otherwise. */
export interface Catch {
  readonly errorShare: number;
  /** `held`: the plan goes on holding when the hold's limit is over. */
  readonly ends: 'rolledBack' | 'held' | 'promoted';
  /** What found it; null when nothing does. */
  readonly by: 'guard' | 'gate' | 'holdLimit' | null;
  /** Index of the phase in which it ends; null for the time after the last one. */
  readonly phase: number | null;
  /** From its first request until then. */
  readonly afterMs: number;
  /** Requests that it failed until then. */
  readonly failed: number;
}

/** From look to look that is tried; between, nothing much changes. */
const step = 1.05;

type Found = Pick<Catch, 'ends' | 'by'> & { readonly atMs: number };

/** As things go on average: in about every second rollout it takes longer. */
export function catchOf(plan: Plan, traffic: Traffic, errorShare: number): Catch {
  let [afterMs, failed] = [0, 0];
  for (const [index, phase] of plan.phases.entries()) {
    const isLast = index === plan.phases.length - 1;
    const found = inPhase(plan, traffic, phase, errorShare);
    const stayedMs = found?.atMs ?? phase.bakeMs;
    afterMs += stayedMs;
    failed += requestsToCanary(traffic, { ...phase, ms: stayedMs }) * errorShare;
    if (found !== null) return { errorShare, ends: found.ends, by: found.by, phase: index, afterMs, failed };
    if (!isLast) continue;
    const keptMs = guardedMs(plan, traffic, phase, errorShare, [phase.bakeMs, phase.bakeMs + plan.keepOldMs]);
    const moreMs = (keptMs ?? phase.bakeMs + plan.keepOldMs) - phase.bakeMs;
    afterMs += moreMs;
    failed += requestsToCanary(traffic, { ...phase, ms: moreMs }) * errorShare;
    const ends = keptMs === null ? ('promoted' as const) : ('rolledBack' as const);
    return { errorShare, ends, by: keptMs === null ? null : 'guard', phase: null, afterMs, failed };
  }
  throw new RangeError('a plan has phases');
}

/** @returns null when it goes on to the next phase. */
function inPhase(plan: Plan, traffic: Traffic, phase: PhasePlan, errorShare: number): Found | null {
  const { bakeMs, gates, weightPercent } = phase;
  const guarded = guardedMs(plan, traffic, phase, errorShare, [0, bakeMs]);
  if (guarded !== null) return { ends: 'rolledBack', by: 'guard', atMs: guarded };
  if (gates.length === 0) return null;
  const arms = expectedArms(traffic, { weightPercent, ms: bakeMs }, { errorShare });
  const outcome = combine(
    gates.map((it) => judgeCriterion(it.criterion, gateStandard(plan, it, 'planned'), arms)),
  );
  if (outcome === 'pass') return null;
  if (outcome === 'fail') return { ends: 'rolledBack', by: 'gate', atMs: bakeMs };
  const endMs = bakeMs + plan.hold.limitMs;
  const inHold = guardedMs(plan, traffic, phase, errorShare, [bakeMs, endMs]);
  if (inHold !== null) return { ends: 'rolledBack', by: 'guard', atMs: inHold };
  return { ends: plan.hold.then === 'rollBack' ? 'rolledBack' : 'held', by: 'holdLimit', atMs: endMs };
}

/** When a guard rolls back, in ms since the start of the weight; null when none does in that time. */
function guardedMs(
  plan: Plan,
  traffic: Traffic,
  { weightPercent }: PhasePlan,
  errorShare: number,
  [fromMs, untilMs]: readonly [number, number],
): number | null {
  const over = (ms: number) => expectedArms(traffic, { weightPercent, ms }, { errorShare });
  const first = Math.max(fromMs, plan.guardIntervalMs);
  for (let elapsedMs = first; elapsedMs <= untilMs; elapsedMs = Math.max(elapsedMs + 1, elapsedMs * step)) {
    const time = { elapsedMs, beforeMs: null, before: null };
    const breaches = plan.guards.filter((guard) => {
      const measurements = new Map(windowsOf(plan, guard, time).map((it) => [it, over(it)]));
      const isOver = elapsedMs + guard.sustainedForMs > untilMs;
      return !isOver && judgeGuard(plan, guard, { ...time, measurements }).outcome === 'fail';
    });
    const [soonest] = breaches.map((it) => it.sustainedForMs).sort((one, other) => one - other);
    if (soonest !== undefined) return elapsedMs + soonest;
  }
  return null;
}
