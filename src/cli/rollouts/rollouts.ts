import type { Plan } from '../../domain/plan/plan.ts';
import type { SeriesQuestion, SeriesReading } from '../../domain/series/series.ts';
import type { TrafficReading } from '../../domain/prospects/traffic.ts';
import type { RolloutOutcome, RolloutState } from '../../domain/rollout/state.ts';
import type { Command } from '../../workflows/messages.ts';

/** What people call a rollout; together these make the workflow's id. */
export interface RolloutName {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** One run of a rollout: the next one under the same name is another. */
export interface Run {
  readonly rollout: RolloutName;
  readonly runId: string;
}

/** What one look at a rollout shows. */
export type Sight =
  | { readonly kind: 'running'; readonly state: RolloutState }
  /** `state` is null when no worker answers any more; the outcome is known all the same. */
  | { readonly kind: 'ended'; readonly outcome: RolloutOutcome; readonly state: RolloutState | null }
  /** Ended in Temporal without an outcome: terminated, failed. Nobody rolled anything back. */
  | { readonly kind: 'cutOff'; readonly how: string; readonly state: RolloutState | null }
  /** Temporal answers and no worker does. */
  | { readonly kind: 'noWorker'; readonly why: string }
  | { readonly kind: 'noTemporal'; readonly why: string };

/** Who rolls the target out already. What is null was not to be learnt: no worker answers. */
export interface Runner {
  readonly run: Run;
  readonly version: string | null;
  readonly startedBy: string | null;
  readonly startedAtMs: number;
  readonly state: RolloutState | null;
}

export type StartAnswer =
  /** `advice`: what the person should know besides; null for nothing. */
  | { readonly kind: 'started'; readonly run: Run; readonly advice: string | null }
  /** The same plan runs already. */
  | { readonly kind: 'joined'; readonly run: Run }
  /** Another plan runs. */
  | { readonly kind: 'taken'; readonly by: Runner };

/** A row of `sluice list`. What is null is not known: no worker answers, or there is nothing to know. */
export interface ListedRollout extends RolloutName {
  readonly runId: string;
  readonly version: string | null;
  readonly startedBy: string | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** `running`, `promoted`, `rolledBack`, `failed`; `cutOff` when it ended in Temporal without an outcome. */
  readonly standing: 'running' | 'cutOff' | RolloutOutcome['status'];
  /** Counted from 1. */
  readonly phase: number | null;
  readonly weightPercent: number | null;
}

export interface ListFilter {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly runningOnly: boolean;
  /** The newest so many. */
  readonly limit: number;
}

export interface StartOrder {
  readonly plan: Plan;
  readonly startedBy: string;
  readonly reason: string;
}

/** A command that a worker accepts or refuses. */
export type Order =
  | ({ readonly verb: 'approve' | 'hold' | 'resume' } & Command)
  | ({ readonly verb: 'advance'; readonly full: boolean } & Command);

/**
 * The far side of the command line: rollouts as Temporal knows them. All methods throw CliProblem: not found,
 * refused, Temporal away.
 */
export interface Rollouts {
  start(order: StartOrder): Promise<StartAnswer>;
  /** The newest run of that name, running or ended. */
  find(rollout: RolloutName): Promise<Run>;
  /** Never throws because something is away: that is a sight too. */
  look(run: Run): Promise<Sight>;
  /**
   * Returns when Temporal has it for good; a worker carries it out as soon as one runs.
   * @param runId aborts this run or none; without it, whichever runs.
   */
  abort(rollout: RolloutName, command: Command, runId?: string): Promise<Run>;
  /**
   * @returns what it did, in a sentence.
   * @throws CliProblem when it was refused, or no worker answered in time.
   */
  send(rollout: RolloutName, order: Order): Promise<string>;
  /** Today's traffic of a plan's target, through a worker. */
  readTraffic(plan: Plan): Promise<TrafficReading>;
  /** How both arms did, through a worker. */
  readSeries(order: SeriesQuestion): Promise<SeriesReading>;
  list(filter: ListFilter): Promise<readonly ListedRollout[]>;
  /** The run's page in Temporal's UI; null when nobody says where that is. */
  urlOf(run: Run, ui: URL | null): string | null;
  close(): Promise<void>;
}
