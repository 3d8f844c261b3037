import type { Plan } from '../plan/plan.ts';
import { catchOf, type Catch } from './catch.ts';
import { phaseProspects, type PhaseProspect } from './phase-prospect.ts';
import { allAtOnce } from './steps.ts';
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

const errorShares = [0.02, 0.05, 0.2];

/** Asks the very functions that judge a rollout what they would say of the counts that are to be expected. */
export function prospectsOf(plan: Plan, traffic: Traffic): Prospects {
  const { requestsPerSecond, windowMs } = traffic;
  const phases = allAtOnce(phaseProspects(plan, traffic));
  return {
    requestsPerSecond,
    windowMs,
    phases,
    catches: errorShares.map((it) => catchOf(plan, traffic, it)),
  };
}
