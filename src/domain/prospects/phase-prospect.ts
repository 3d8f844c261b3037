import type { Doubt } from '../analysis/standards.ts';
import type { Criterion } from '../plan/plan.ts';
import { requestsToCanary } from './expected.ts';
import { gateProspect, type GateProspect } from './gate-prospect.ts';
import type { Traffic } from './traffic.ts';

/** What a phase is likely to see, and its gates to say. */
export interface PhaseProspect {
  readonly weightPercent: number;
  readonly bakeMs: number;
  /** Expected within the bake. */
  readonly requests: { readonly canary: number; readonly stable: number };
  readonly gates: readonly { readonly criterion: Criterion; readonly prospect: GateProspect }[];
}

/** One a phase. */
export function phaseProspects(plan: Doubt, traffic: Traffic): PhaseProspect[] {
  return plan.phases.map((phase) => {
    const { weightPercent, bakeMs, gates } = phase;
    const canary = requestsToCanary(traffic, { weightPercent, ms: bakeMs });
    const stable = requestsToCanary(traffic, { weightPercent: 100 - weightPercent, ms: bakeMs });
    return {
      weightPercent,
      bakeMs,
      requests: { canary, stable },
      gates: gates.map((gate) => {
        return { criterion: gate.criterion, prospect: gateProspect(plan, traffic, phase, gate) };
      }),
    };
  });
}
