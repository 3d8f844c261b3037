/** Everything that the outside says to the workflows and hears from them. Constant name = wire name. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { RolloutState } from '../domain/rollout/state.ts';

/** Who asks, and why; kept in the history (R9.8). */
export interface Command {
  readonly by: string;
  readonly reason: string;
}

export interface AdvanceCommand extends Command {
  /** To 100 % at once, the gates of the phases between are not asked; guards stay on. */
  readonly full: boolean;
}

/** What a command did, in a sentence. */
export interface CommandAnswer {
  readonly done: string;
}

/** The workflow's type; its one argument is a `RolloutInput`, its result a `RolloutOutcome`. */
export const rolloutWorkflowType = 'rollout';

/** Its one argument is a `TrafficQuestion`, its result a `TrafficReading`. */
export const readTrafficWorkflowType = 'readTraffic';

/** Its one argument is a `SeriesQuestion`, its result a `SeriesReading`. */
export const readSeriesWorkflowType = 'readSeries';

/** A signal, not an update: it must get through while no worker answers, and can never be refused (S13). */
export const abort = defineSignal<[Command]>('abort');

/** Updates: whoever sends one hears whether it was accepted, and what it did. */
export const approve = defineUpdate<CommandAnswer, [Command]>('approve');
export const advance = defineUpdate<CommandAnswer, [AdvanceCommand]>('advance');
export const hold = defineUpdate<CommandAnswer, [Command]>('hold');
export const resume = defineUpdate<CommandAnswer, [Command]>('resume');

/** The whole state. */
export const status = defineQuery<RolloutState>('status');
