import type { ArmMeasurement } from '../analysis/measurement.ts';
import { combine, type Verdict } from '../analysis/verdict.ts';
import type { PhasePlan } from '../plan/plan.ts';
import { trafficWindowsMs } from '../prospects/traffic.ts';
import { AtWeight, type World } from './at-weight.ts';
import { isCountable } from './unplayed.ts';

/** How a rollout that was played ended. */
export interface Played {
  /** `held`: still at the limit of a hold that the plan wants kept. */
  readonly outcome: 'promoted' | 'rolledBack' | 'held';
  /** What decided, of a rollback: `guard error-rate`, `gate e2e-latency p99`, `hold limit`; '' otherwise. */
  readonly because: string;
  /** Percent, at the end. */
  readonly weightPercent: number;
  /** From the canary's first request to the end. */
  readonly afterMs: number;
  /** How long it waited for evidence. */
  readonly heldMs: number;
  /** What the canary was sent, and what of that it failed. */
  readonly requests: number;
  readonly failed: number;
}

/** As far back as the worker looks for what a canary at 100 % is compared with. */
const baselineMs = Math.max(...trafficWindowsMs);

type End = Pick<Played, 'outcome' | 'because'>;

/**
 * Plays one rollout: what the arms answer is chance, what is decided about it is decided by the very functions that the
 * worker has. Nobody aborts, approves late, or advances; pods are ready at once.
 */
export function play(world: World): Played {
  const { phases, keepOldMs } = world.plan;
  const sums = { afterMs: 0, heldMs: 0, requests: 0, failed: 0 };
  let before: AtWeight | null = null;
  for (const [index, phase] of phases.entries()) {
    const baseline: ArmMeasurement | null = before?.stableOver(baselineMs) ?? null;
    const at: AtWeight = new AtWeight(world, phase.weightPercent, sums.afterMs, baseline);
    before = at;
    const isLast = index === phases.length - 1;
    const end = throughPhase(world, at, phase, isLast ? keepOldMs : 0);
    sums.afterMs += at.elapsedMs;
    sums.heldMs += Math.max(0, at.elapsedMs - phase.bakeMs - (isLast ? keepOldMs : 0));
    sums.requests += at.canary.requests;
    sums.failed += at.canary.failed;
    const { weightPercent } = phase;
    if (end !== null) return { ...end, ...sums, weightPercent };
    if (isLast) return { outcome: 'promoted', because: '', ...sums, weightPercent };
  }
  throw new RangeError('a plan has phases');
}

/** @returns how the rollout ended in this phase; null when it goes on. */
function throughPhase(
  world: World,
  at: AtWeight,
  { bakeMs, ...phase }: PhasePlan,
  keepMs: number,
): End | null {
  const gates = phase.gates.filter((it) => isCountable(it.criterion));
  const end = watch(at, bakeMs) ?? (gates.length === 0 ? null : throughGates(world, at, gates));
  return end ?? watch(at, at.elapsedMs + keepMs);
}

function watch(at: AtWeight, untilMs: number): End | null {
  while (at.elapsedMs < untilMs) {
    const breach = at.look(untilMs);
    if (breach !== null) return { outcome: 'rolledBack', because: `guard ${breach.metric}` };
  }
  return null;
}

/** What is inconclusive is held, and looked at again. */
function throughGates({ plan }: World, at: AtWeight, gates: PhasePlan['gates']): End | null {
  const limitMs = at.elapsedMs + plan.hold.limitMs;
  for (let verdicts = at.judge(gates, 'planned'); ; verdicts = at.judge(gates, 'again')) {
    const outcome = combine(verdicts);
    if (outcome === 'pass') return null;
    if (outcome === 'fail') return { outcome: 'rolledBack', because: `gate ${failedOf(verdicts)}` };
    if (at.elapsedMs >= limitMs)
      return plan.hold.then === 'rollBack'
        ? { outcome: 'rolledBack', because: 'hold limit' }
        : { outcome: 'held', because: '' };
    const breach = at.look(limitMs);
    if (breach !== null) return { outcome: 'rolledBack', because: `guard ${breach.metric}` };
  }
}

function failedOf(verdicts: readonly Verdict[]): string {
  return verdicts.find((it) => it.outcome === 'fail')?.metric ?? '';
}
