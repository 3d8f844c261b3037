import type { RolloutState } from '../../domain/rollout/state.ts';
import type { SeriesReading } from '../../domain/series/series.ts';
import type { RolloutName } from '../rollouts/rollouts.ts';

/** All that a report tells. */
export interface Report {
  readonly rollout: RolloutName;
  readonly state: RolloutState;
  /** It ended in Temporal without an outcome, and how; null otherwise. */
  readonly cutOff: string | null;
  readonly series: SeriesReading;
  /** When it was made: of a rollout that runs, as far as it has come. */
  readonly madeAtMs: number;
  /** The run's page in Temporal's UI; null when nobody says where that is. */
  readonly url: string | null;
}
