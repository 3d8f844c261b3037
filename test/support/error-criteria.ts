import { planDefaults } from '../../src/domain/plan/defaults.ts';
import type { GatePlan, PhasePlan, Plan } from '../../src/domain/plan/plan.ts';

const second = 1000;
const hour = 3600 * second;

/**
 * Guards and gates of errors only: a test causes those on purpose, while latencies of a loaded machine are chance.
 */
export const errorGuards: Plan['guards'] = planDefaults.guards
  .filter(({ criterion }) => criterion.metric === 'error-rate')
  .map((guard) => ({ ...guard, minimumSamples: 10, windowMs: 10 * second }));
export const errorGate: GatePlan = {
  criterion: { metric: 'error-rate', max: 0.001 },
  evidence: 'noBreach',
  minimumSamples: 1,
};

/** A phase that lasts until somebody ends it. */
export function longPhase(weightPercent: number, changes: Partial<PhasePlan> = {}): PhasePlan {
  return { weightPercent, bakeMs: hour, gates: [], requireApproval: false, ...changes };
}
