import type { ArmCost, MetricsPlan } from './metrics-plan.ts';
import type { Criterion, Plan, PhasePlan, GatePlan, GuardPlan } from './plan.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** The cluster of a plan that names none. */
export const defaultCluster = 'default';

/** What a gate takes when the plan does not say. */
export const gateDefaults = { evidence: 'proven', minimumSamples: 300 } as const;

/** What a guard takes when the plan does not say. A p99 needs more requests than a share of failures. */
export const guardDefaults = {
  evidence: 'proven',
  minimumSamples: { share: 50, size: 100, cost: 100 },
  sustainedForMs: 0,
  windowMs: minute,
} as const;

function errorsBelow(share: number): Criterion {
  return { metric: 'error-rate', max: share };
}

function p99Below(ratio: number): Criterion {
  return { metric: 'e2e-latency', quantile: 0.99, maxRatio: ratio };
}

/** From this weight on there is traffic enough for proof, in percent. */
const provenFromPercent = 50;

/**
 * Leave a phase when fewer than 0.1 % of requests fail, and p99 is below twice stable's: without a breach at small
 * weights, where a few hundred requests can prove no more, and proven from 50 % on.
 */
export function defaultGates(weightPercent: number): readonly GatePlan[] {
  const evidence = weightPercent < provenFromPercent ? 'noBreach' : 'proven';
  return [
    { criterion: errorsBelow(0.001), ...gateDefaults, evidence },
    { criterion: p99Below(2), ...gateDefaults, evidence },
  ];
}

/** 1 % for 1 h, 10 % for 2 h, 50 % for 4 h, then 100 %. */
export const defaultPhases: readonly PhasePlan[] = [
  { weightPercent: 1, bakeMs: hour, gates: defaultGates(1), requireApproval: false },
  { weightPercent: 10, bakeMs: 2 * hour, gates: defaultGates(10), requireApproval: false },
  { weightPercent: 50, bakeMs: 4 * hour, gates: defaultGates(50), requireApproval: false },
  { weightPercent: 100, bakeMs: 0, gates: [], requireApproval: false },
];

/** What only ratios matter of: most price lists ask three to five times as much for output as for input. */
export const defaultArmCost: ArmCost = { by: 'tokens', inputPerMillion: 0.25, outputPerMillion: 1 };

/**
 * Roll back when more than 1 % of requests fail, p99 is more than three times stable's, or a request costs more than twice
 * as much.
 */
export const defaultGuards: readonly GuardPlan[] = [
  {
    criterion: errorsBelow(0.01),
    evidence: guardDefaults.evidence,
    minimumSamples: guardDefaults.minimumSamples.share,
    sustainedForMs: guardDefaults.sustainedForMs,
    windowMs: guardDefaults.windowMs,
  },
  {
    criterion: p99Below(3),
    evidence: guardDefaults.evidence,
    minimumSamples: guardDefaults.minimumSamples.size,
    sustainedForMs: guardDefaults.sustainedForMs,
    windowMs: guardDefaults.windowMs,
  },
  {
    criterion: { metric: 'cost-per-request', maxRatio: 2 },
    evidence: guardDefaults.evidence,
    minimumSamples: guardDefaults.minimumSamples.cost,
    sustainedForMs: guardDefaults.sustainedForMs,
    windowMs: guardDefaults.windowMs,
  },
];

/** Every default that does not depend on the target. */
export const planDefaults = {
  checklist: [],
  phases: defaultPhases,
  guards: defaultGuards,
  guardIntervalMs: 10 * second,
  risk: { falseRollback: 0.01, falsePass: 0.05 },
  keepOldMs: 24 * hour,
  finish: 'update',
  capacity: { replicas: 'byWeight' },
  warmUp: { requestsPerPod: 5, path: '/v1/models' },
  hold: { limitMs: 24 * hour, then: 'rollBack' },
  deadlines: { canaryReadyMs: 30 * minute, routeAcceptedMs: minute, drainMs: 2 * minute },
  onForeignChange: 'hold',
  onUnprovable: 'warn',
  /** But for the address of Prometheus. */
  metrics: {
    source: 'envoy-contour',
    failing: ['5xx'],
    cost: { stable: defaultArmCost, canary: defaultArmCost },
    feedback: null,
    engine: { prefix: 'vllm:', arms: null },
    custom: [],
  },
  judge: null,
  headerRule: null,
  notifications: [],
} as const satisfies Partial<Omit<Plan, 'metrics'>> & {
  readonly metrics: Omit<MetricsPlan, 'prometheus'>;
};
