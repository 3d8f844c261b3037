import type { Measurement } from '../domain/analysis/measurement.ts';
import type { MetricName } from '../domain/metrics/metrics.ts';
import type { MetricsPlan } from '../domain/plan/metrics-plan.ts';
import type { Target } from '../domain/plan/plan.ts';

/** What is to be measured. */
export interface Look {
  readonly names: readonly MetricName[];
  /** Windows that end at `atMs`, in ms. */
  readonly windowsMs: readonly number[];
  /** Those of them over which values are asked, that others tell; @default all */
  readonly valueWindowsMs?: readonly number[];
  /** Milliseconds since 1970; @default the provider's present. */
  readonly atMs?: number;
}

/** Counters of both arms, and what others tell of them. Never throws: what goes wrong is in the answer. */
export interface MetricsPort {
  /** Both arms over each window; by window. Nobody is asked for none. */
  measure(
    metrics: MetricsPlan,
    target: Target,
    look: Look,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Measurement>>;
}
