import type { Measurement } from '../domain/analysis/measurement.ts';
import type { MetricsPlan, Target } from '../domain/plan/plan.ts';

/** Counters of both arms. Never throws: what goes wrong is in the answer. */
export interface MetricsPort {
  /** Both arms over the last `windowMs` before now. */
  measure(metrics: MetricsPlan, target: Target, windowMs: number, signal: AbortSignal): Promise<Measurement>;
}
