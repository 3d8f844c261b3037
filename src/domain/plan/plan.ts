import type { CostName, ShareName, SizeName } from '../metrics/metrics.ts';
import type { Evidence } from './evidence.ts';
import type { JudgePlan } from './judge-plan.ts';
import type { MetricsPlan } from './metrics-plan.ts';

/**
 * The plan of one rollout: what the file says with every default filled in. Durations are milliseconds, weights are
 * percent of requests (0.1 to 100), shares and ratios are plain numbers (0.001 is 0.1 %).
 */
export interface Plan {
  /** `metadata.name`; with cluster and namespace it names the workflow. */
  readonly name: string;
  readonly target: Target;
  readonly release: Release;
  /** What a person has to have answered before anything is changed; asked after the preflight. None by default. */
  readonly checklist: readonly string[];
  /** Weights rise from phase to phase; the last one is 100. */
  readonly phases: readonly PhasePlan[];
  /** Watched whenever the canary has traffic, the time after 100 % included. */
  readonly guards: readonly GuardPlan[];
  /** How often guards look. @default 10 s */
  readonly guardIntervalMs: number;
  readonly risk: RiskPlan;
  /** How long stable is kept, warm and under guards, after the canary has 100 %. @default 24 h */
  readonly keepOldMs: number;
  readonly finish: FinishMode;
  readonly capacity: CapacityPlan;
  readonly warmUp: WarmUpPlan;
  readonly hold: HoldPlan;
  readonly deadlines: DeadlinePlan;
  /** What to do when somebody else changes weights, canary or stable meanwhile. @default 'hold' */
  readonly onForeignChange: 'hold' | 'rollBack';
  /** What the preflight does when today's traffic is too little for a gate to pass. @default 'warn' */
  readonly onUnprovable: 'warn' | 'refuse';
  readonly metrics: MetricsPlan;
  /** @default null: nobody judges */
  readonly judge: JudgePlan | null;
  /** A header that leads a request to the canary whatever the weight; none by default. */
  readonly headerRule: HeaderRule | null;
  readonly notifications: readonly NotificationPlan[];
}

/** What is rolled out where. All names are in one namespace of one cluster. */
export interface Target {
  /** Which cluster, as people call it: part of the workflow's id. @default 'default' */
  readonly cluster: string;
  readonly namespace: string;
  readonly workload: { readonly kind: 'Deployment'; readonly name: string };
  /** The stable Service and the port that the route names. */
  readonly service: { readonly name: string; readonly port: number };
  readonly router: { readonly kind: 'HTTPRoute'; readonly name: string };
}

export interface Release {
  /** What people call it; also a label value. */
  readonly version: string;
  /** Strategic merge patch of the workload's pod template. */
  readonly patch: JsonObject;
}

export interface PhasePlan {
  /** Percent of requests for the canary. */
  readonly weightPercent: number;
  /** How long the phase lasts before its gates. */
  readonly bakeMs: number;
  /** Asked once, at the end of the bake; all must pass. */
  readonly gates: readonly GatePlan[];
  /** A person has to approve before this phase begins. @default false */
  readonly requireApproval: boolean;
}

/** What the canary must keep. */
export type Criterion = (
  | { readonly metric: ShareName | CostName | 'gpu-utilisation' }
  | { readonly metric: SizeName; readonly quantile: Quantile }
  /** `name`: of one of `metrics.custom`. */
  | { readonly metric: 'custom'; readonly name: string }
) &
  Limit;

/** Which value of many; 0.99 is larger than 99 % of them. */
export type Quantile = 0.5 | 0.95 | 0.99;

/** Strict: the value itself breaks it. In the metric's unit (a share of 1, seconds, tokens, money), but for the ratios. */
export type Limit =
  /** The canary's own value. */
  | { readonly max: number }
  /** The canary's value divided by stable's. */
  | { readonly maxRatio: number }
  /** The canary's value less stable's. */
  | { readonly maxDifference: number }
  /** The same for what is better when it is higher. */
  | { readonly min: number }
  | { readonly minRatio: number }
  | { readonly minDifference: number };

/**
 * How often statistics may be wrong, over the whole rollout; what estimates is not covered. Shares of 1; docs/evidence.md
 * says how they are spent.
 */
export interface RiskPlan {
  /** Of canaries that keep every limit, at most so many are rolled back. @default 0.01 */
  readonly falseRollback: number;
  /** Of canaries that break the limit of a gate that asks for proof, at most so many pass it. @default 0.05 */
  readonly falsePass: number;
}

export interface GatePlan {
  readonly criterion: Criterion;
  /** Of values, which nobody counted, always `estimate`. @default 'proven' */
  readonly evidence: Evidence;
  /** Requests of the canary below which the gate is inconclusive; means nothing for values. */
  readonly minimumSamples: number;
}

export interface GuardPlan {
  readonly criterion: Criterion;
  /** `proven`: a breach must be; `estimate`: point values are taken for the truth, as of values always. @default 'proven' */
  readonly evidence: 'proven' | 'estimate';
  /** Requests of the canary below which the guard says nothing; what is proven with fewer is a breach all the same; means nothing for values. */
  readonly minimumSamples: number;
  /** The breach must be seen for this long without a break. @default 0: at once */
  readonly sustainedForMs: number;
  /**
   * How far back a guard looks that estimates. One that needs proof looks back to the start of the weight as well, and in
   * windows of 1, 4, 16, ... times this length.
   */
  readonly windowMs: number;
}

/** `update`: stable gets the new template, then the canary goes. `adopt`: the canary's pods become stable's. */
export type FinishMode = 'update' | 'adopt';

export interface CapacityPlan {
  /**
   * Canary replicas in a phase: enough for its weight (`byWeight`, share of stable's replicas, rounded up), or these
   * numbers, one a phase.
   */
  readonly replicas: 'byWeight' | readonly number[];
}

export interface WarmUpPlan {
  /** Requests sent to each new canary pod before it gets weight; 0 for none. @default 5 */
  readonly requestsPerPod: number;
  /** Path of a GET that a pod answers with 200 when it works. @default '/v1/models' */
  readonly path: string;
}

export interface HoldPlan {
  /** How long a rollout may wait for evidence or for a person. @default 24 h */
  readonly limitMs: number;
  /** And then: never a promotion. @default 'rollBack' */
  readonly then: 'rollBack' | 'keepHolding';
}

export interface DeadlinePlan {
  /** From creating canary pods to all of them ready. @default 30 min */
  readonly canaryReadyMs: number;
  /** From a write of the route until the gateway has accepted it. @default 1 min */
  readonly routeAcceptedMs: number;
  /** How long requests that run on the canary may go on after its traffic ended. @default 2 min */
  readonly drainMs: number;
}

export interface HeaderRule {
  readonly name: string;
  readonly value: string;
}

/** An http POST of a JSON event. */
export interface NotificationPlan {
  readonly url: string;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
