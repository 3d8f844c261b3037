import type { GpuName } from '../cost/gpu-prices.ts';

/** Where a plan's numbers come from, and what they are counted with. */
export interface MetricsPlan {
  readonly prometheus: { readonly url: string };
  /** Whose counters tell errors and latency. @default 'envoy-contour' */
  readonly source: 'envoy-contour' | 'istio' | 'traefik' | 'vllm';
  /** Which HTTP statuses make an answer a failure: `5xx`, `429`. @default ['5xx'] */
  readonly failing: readonly string[];
  readonly cost: CostPlan;
  /** Where users' feedback is counted; none by default. */
  readonly feedback: FeedbackPlan | null;
  readonly engine: EnginePlan;
  /** Metrics of a person's own; none by default. */
  readonly custom: readonly CustomMetricPlan[];
}

/** How a Prometheus has vLLM's own series. */
export interface EnginePlan {
  /** What their names begin with; some platforms write another one. @default 'vllm:' */
  readonly prefix: string;
  /** A label that tells the arms apart. @default null: the names of their pods do */
  readonly arms: ArmLabel | null;
}

/** A label of series, and its values. */
export interface ArmLabel {
  readonly label: string;
  readonly stable: string;
  readonly canary: string;
}

/** Who tells a number of each arm. */
export type CustomMetricPlan = {
  /** Criteria name it. */
  readonly name: string;
} & CustomSource;

/** Exactly one of them. */
export type CustomSource =
  { readonly prometheus: QueriesPlan } | { readonly web: AddressesPlan } | { readonly file: ValuesFilePlan };

/** An instant query for each arm, whose answer is one sample; `$window` in it becomes how far back a look goes: `60s`. */
export interface QueriesPlan {
  readonly stable: string;
  readonly canary: string;
}

/** An address for each arm, http or https, that answers a GET with JSON. No secret in it: the plan is kept in the history. */
export interface AddressesPlan {
  readonly stable: string;
  readonly canary: string;
  /** JSONPath (RFC 9535) of the one number in the answer. */
  readonly path: string;
  /** None by default. */
  readonly headers: Readonly<Record<string, string>>;
}

/** For trials: a JSON file that the worker reads, `{ "stable": 0.9, "canary": 0.8 }`. */
export interface ValuesFilePlan {
  /** Within the folder that the worker was given. */
  readonly path: string;
}

/** What the arms cost, in any currency; the table of GPUs is in USD. */
export interface CostPlan {
  readonly stable: ArmCost;
  /** @default as stable */
  readonly canary: ArmCost;
}

/**
 * - `tokens`: prices of a million tokens. @default 0.25 of input, 1 of output
 * - `capacity`: what a pod's GPUs cost, divided by what the pod generates at full load.
 */
export type ArmCost =
  | { readonly by: 'tokens'; readonly inputPerMillion: number; readonly outputPerMillion: number }
  | {
      readonly by: 'capacity';
      readonly gpusPerPod: number;
      /** A price, or a GPU whose price is in the table of domain/cost. */
      readonly perGpuHour: number | GpuName;
      /** Of one pod, as a load test of it says. */
      readonly outputTokensPerSecond: number;
    };

/** Two counters of a Prometheus, of any application. */
export interface FeedbackPlan {
  readonly positive: CounterPlan;
  readonly negative: CounterPlan;
  /** Which label of them tells the arms apart. */
  readonly arms: ArmLabel;
}

export interface CounterPlan {
  /** The metric's name: `chat_feedback_total`. */
  readonly name: string;
  /** Labels that it must have; their values are compared as they are. */
  readonly labels: Readonly<Record<string, string>>;
}
