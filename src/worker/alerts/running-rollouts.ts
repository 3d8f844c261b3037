import type { RolloutState } from '../../domain/rollout/state.ts';
import type { Command } from '../../workflows/messages.ts';

/** One run of a rollout that was just found running. */
export interface RunningRollout {
  /** Id of its workflow. */
  readonly rollout: string;
  readonly rolloutId: string;
  readonly startedAtMs: number;
}

export type Found =
  | { readonly kind: 'running'; readonly run: RunningRollout }
  | { readonly kind: 'none'; readonly why: string };

export type Obedience = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly why: string };

/**
 * The rollouts that the worker's task queue carries out. Everything here may be done twice.
 * What gets no answer throws, after seconds; it may have been done all the same.
 */
export interface RunningRollouts {
  find(rollout: string): Promise<Found>;
  /** Needs no worker to answer (S13). */
  abort(run: RunningRollout, command: Command): Promise<Obedience>;
  /** Asks the worker. */
  state(run: RunningRollout): Promise<RolloutState>;
  /** @param orderId the same order under the same id is carried out once. */
  hold(run: RunningRollout, command: Command, orderId: string): Promise<Obedience>;
}
