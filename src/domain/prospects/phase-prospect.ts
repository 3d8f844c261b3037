import type { Doubt } from '../analysis/standards.ts';
import type { Criterion, PhasePlan } from '../plan/plan.ts';
import { requestsToCanary } from './expected.ts';
import { gateProspect, type GateProspect } from './gate-prospect.ts';
import type { Steps } from './steps.ts';
import type { Traffic } from './traffic.ts';

/** What a phase is likely to see, and its gates to say. */
export interface PhaseProspect {
  readonly weightPercent: number;
  readonly bakeMs: number;
  /** Expected within the bake. */
  readonly requests: { readonly canary: number; readonly stable: number };
  readonly gates: readonly { readonly criterion: Criterion; readonly prospect: GateProspect }[];
}

type GateOfPhase = PhaseProspect['gates'][number];

/** One a phase. */
export function* phaseProspects(plan: Doubt, traffic: Traffic): Steps<PhaseProspect[]> {
  const prospects: PhaseProspect[] = [];
  for (const phase of plan.phases) {
    const { weightPercent, bakeMs } = phase;
    const canary = requestsToCanary(traffic, { weightPercent, ms: bakeMs });
    const stable = requestsToCanary(traffic, { weightPercent: 100 - weightPercent, ms: bakeMs });
    const gates = yield* gateProspects(plan, traffic, phase);
    prospects.push({ weightPercent, bakeMs, requests: { canary, stable }, gates });
  }
  return prospects;
}

function* gateProspects(plan: Doubt, traffic: Traffic, phase: PhasePlan): Steps<GateOfPhase[]> {
  const gates: GateOfPhase[] = [];
  for (const gate of phase.gates) {
    yield;
    gates.push({ criterion: gate.criterion, prospect: yield* gateProspect(plan, traffic, phase, gate) });
  }
  return gates;
}
