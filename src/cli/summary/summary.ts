import type { Plan } from '../../domain/plan/plan.ts';
import type { EndReason, RolloutOutcome, RolloutState } from '../../domain/rollout/state.ts';
import type { RolloutName } from '../rollouts/rollouts.ts';

/** How a command leaves a rollout behind. */
export type Standing =
  | RolloutOutcome['status']
  /** Ended in Temporal without an outcome: nobody rolled anything back. */
  | 'cutOff'
  /** It goes on, whether or not somebody watches. */
  | 'running'
  /** This command has changed nothing. */
  | 'notStarted'
  /** Whether it runs, or how it went on, was not to be learnt. */
  | 'unknown';

/** What a command knows of its rollout, for a CI job's page. What is null is not known, or not there. */
export interface Summary {
  readonly standing: Standing;
  /** Only of a rollout that has ended. */
  readonly reason: EndReason | null;
  /** One sentence for people; may come from anybody who sends commands. */
  readonly sentence: string;
  readonly rollout: RolloutName | null;
  readonly runId: string | null;
  /** Its page in Temporal's UI. */
  readonly url: string | null;
  readonly plan: Plan | null;
  /** The last that was seen. */
  readonly state: RolloutState | null;
  readonly outcome: RolloutOutcome | null;
}

/** Before anything is known. */
export const blank: Summary = {
  standing: 'notStarted',
  reason: null,
  sentence: 'nothing has been asked of Temporal yet',
  rollout: null,
  runId: null,
  url: null,
  plan: null,
  state: null,
  outcome: null,
};

/** The summary of a rollout that has ended. */
export function endedSummary(outcome: RolloutOutcome): Partial<Summary> {
  const { status: standing, reason, sentence } = outcome;
  return { standing, reason, sentence, outcome };
}
