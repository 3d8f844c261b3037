import { judgeCriterion } from '../analysis/judge.ts';
import { isValue } from '../metrics/metrics.ts';
import { metricOf } from '../plan/metric-of.ts';
import { gateStandard, type Doubt } from '../analysis/standards.ts';
import type { GatePlan, PhasePlan } from '../plan/plan.ts';
import { expectedArms, unlucky } from './expected.ts';
import type { Steps } from './steps.ts';
import type { Traffic } from './traffic.ts';

/** What a gate is likely to say at the end of the bake, of a canary that is as stable is. */
export type GateProspect =
  /** Passes in four of five rollouts; `proof`: since it is proven that the limit is kept, else since no breach is. */
  | { readonly kind: 'passes'; readonly proof: boolean }
  /** Inconclusive: the rollout would hold. `neededBakeMs`: how long the bake would have to be; null: none is enough. */
  | { readonly kind: 'cannotTell'; readonly neededBakeMs: number | null }
  /** Stable itself does not keep the limit. */
  | { readonly kind: 'fails' }
  /** There are no numbers of stable. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Bakes are no longer: rollout-file.md. */
const longestBakeMs = 480 * 3_600_000;

/**
 * A step is one judgement, which takes milliseconds, of billions of requests up to 0.15 s; a gate takes up to two dozen.
 * @param phase the one that the gate ends.
 */
export function* gateProspect(
  plan: Doubt,
  traffic: Traffic,
  { weightPercent, bakeMs }: PhasePlan,
  gate: GatePlan,
): Steps<GateProspect> {
  const metric = metricOf(gate.criterion);
  const found = traffic.stable[metric];
  if (found !== undefined && 'missing' in found) return { kind: 'unknown', why: found.missing };
  if (found !== undefined && 'failed' in found) return { kind: 'unknown', why: found.failed };
  const judged = (ms: number, z: number, evidence = gate.evidence) =>
    judgeCriterion(
      gate.criterion,
      gateStandard(plan, { ...gate, evidence }, 'planned'),
      expectedArms(traffic, { weightPercent, ms }, { z }),
    ).outcome;
  if (judged(longestBakeMs, 0) === 'fail') return { kind: 'fails' };
  yield;
  const passes = (ms: number) => judged(ms, unlucky) === 'pass';
  const passesAsPlanned = passes(bakeMs);
  yield;
  if (passesAsPlanned) {
    const proof = !isValue(metric) && judged(bakeMs, unlucky, 'proven') === 'pass';
    return { kind: 'passes', proof };
  }
  const neededBakeMs = passes(longestBakeMs) ? yield* shortest(bakeMs, longestBakeMs, passes) : null;
  return { kind: 'cannotTell', neededBakeMs };
}

/** Where `holds` begins, to a hundredth; it holds at `toMs`, and from where it begins on. */
function* shortest(fromMs: number, toMs: number, holds: (ms: number) => boolean): Steps<number> {
  let [low, high] = [fromMs, toMs];
  while (high - low > Math.max(1, high / 100)) {
    yield;
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(high);
}
