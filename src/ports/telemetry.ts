import type { Verdict } from '../domain/analysis/verdict.ts';

/**
 * What only activities know and the worker's metrics count: everything else is seen from around them
 * (worker/activity-interceptors.ts). Never throws and never waits.
 */
export interface RolloutTelemetry {
  /** The verdicts of one look, of guards or of gates; a look that is taken twice counts twice. */
  judged(verdicts: readonly Verdict[]): void;
}
