import { judgeBounds, judgedPhases } from '../plan/judge-bounds.ts';
import type { GatePlan, GuardPlan, Plan } from '../plan/plan.ts';
import { everLooked, onceLooked } from '../statistics/looking.ts';
import { guardLooks } from './looks.ts';
import type { Standard } from './standard.ts';

/**
 * How the doubt that a plan allows is spent. A good canary may be rolled back by any guard at any weight, by any gate, and
 * by any limit of a judge in any phase that it judges: each of them that asks for proof gets an equal part of
 * `falseRollback`. A bad canary has to pass all of its gates, so that each of them may use the whole of `falsePass`.
 */
export type Doubt = Pick<Plan, 'risk' | 'guards' | 'phases' | 'judge'>;

/** @param look `planned`: the one at the end of the bake; `again`: those of a hold, any number of them. */
export function gateStandard(plan: Doubt, gate: GatePlan, look: 'planned' | 'again'): Standard {
  return {
    evidence: gate.evidence,
    minimumSamples: gate.minimumSamples,
    alpha: { fail: partOf(plan) / 2, pass: plan.risk.falsePass / 2 },
    looking: look === 'planned' ? onceLooked : everLooked,
  };
}

/** A look of a guard, and how sure it has to be. */
export interface GuardStandard {
  readonly windowMs: number;
  readonly standard: Standard;
}

/**
 * A guard fails only what is proven, or what point values say; that it passes means only that no breach was seen.
 * @param elapsedMs since the canary got this weight.
 * @returns from the longest look back to the shortest; one for `estimate`.
 */
export function guardStandards(plan: Doubt, guard: GuardPlan, elapsedMs: number): GuardStandard[] {
  const { minimumSamples, windowMs } = guard;
  const ofWeight = partOf(plan) / plan.phases.length;
  const standard = (evidence: Standard['evidence'], share: number): Standard => {
    const alpha = { fail: ofWeight * share, pass: plan.risk.falsePass };
    return { evidence, minimumSamples, alpha, looking: everLooked };
  };
  if (guard.evidence === 'estimate')
    return [{ windowMs: Math.min(windowMs, elapsedMs), standard: standard('estimate', 1) }];
  return guardLooks(elapsedMs, windowMs).map(({ windowMs: back, share }) => {
    return { windowMs: back, standard: standard('noBreach', share) };
  });
}

/**
 * What each of those that may fail a good canary has of `falseRollback`. Whoever estimates is outside of the risk that the
 * plan states, and uses up nothing of it.
 */
export function partOf({ risk, guards, phases, judge }: Doubt): number {
  const all = [...guards, ...phases.flatMap((it) => it.gates)];
  const proving = all.filter((it) => it.evidence !== 'estimate').length;
  // Plans of rollouts that began before there were judges do not say that they have none.
  const judging =
    judge && judge.evidence !== 'estimate'
      ? judgedPhases(judge, phases) * judgeBounds(judge.limits).length
      : 0;
  return risk.falseRollback / Math.max(1, proving + judging);
}
