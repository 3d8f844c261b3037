import type { Measurement } from '../domain/analysis/measurement.ts';
import type { MetricsPlan, Target } from '../domain/plan/plan.ts';

/** Counters of both arms. Never throws: what goes wrong is in the answer. */
export interface MetricsPort {
  /** Both arms over each of these windows, in ms, that end now; by window. */
  measure(
    metrics: MetricsPlan,
    target: Target,
    windowsMs: readonly number[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Measurement>>;
}
