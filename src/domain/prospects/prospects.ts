import type { Criterion, Plan } from '../plan/plan.ts';
import { catchOf, type Catch } from './catch.ts';
import { requestsToCanary } from './expected.ts';
import { gateProspect, type GateProspect } from './gate-prospect.ts';
import type { Traffic } from './traffic.ts';

/** What a plan can prove at the traffic at hand, and what it cannot (R9.12). */
export interface Prospects {
  readonly requestsPerSecond: number;
  /** How far back was looked for them. */
  readonly windowMs: number;
  readonly phases: readonly PhaseProspect[];
  /** Of canaries that fail a part of their requests. */
  readonly catches: readonly Catch[];
}

export interface PhaseProspect {
  readonly weightPercent: number;
  readonly bakeMs: number;
  /** Expected within the bake. */
  readonly requests: { readonly canary: number; readonly stable: number };
  readonly gates: readonly { readonly criterion: Criterion; readonly prospect: GateProspect }[];
}

const errorShares = [0.02, 0.05, 0.2];

/** Asks the very functions that judge a rollout what they would say of the counts that are to be expected. */
export function prospectsOf(plan: Plan, traffic: Traffic): Prospects {
  const { requestsPerSecond, windowMs } = traffic;
  return {
    requestsPerSecond,
    windowMs,
    phases: plan.phases.map((phase) => {
      const { weightPercent, bakeMs, gates } = phase;
      const share = (percent: number) => requestsToCanary(traffic, { weightPercent: percent, ms: bakeMs });
      return {
        weightPercent,
        bakeMs,
        requests: { canary: share(weightPercent), stable: share(100 - weightPercent) },
        gates: gates.map((gate) => {
          return { criterion: gate.criterion, prospect: gateProspect(plan, traffic, phase, gate) };
        }),
      };
    }),
    catches: errorShares.map((it) => catchOf(plan, traffic, it)),
  };
}
