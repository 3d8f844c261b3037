import type {
  Client,
  Connection,
  WorkflowExecutionDescription,
  WorkflowExecutionInfo,
} from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Plan } from '../../domain/plan/plan.ts';
import type { SeriesQuestion, SeriesReading } from '../../domain/series/series.ts';
import type { TrafficReading } from '../../domain/prospects/traffic.ts';
import { abort, rolloutWorkflowType, type Command } from '../../workflows/messages.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import { listedStanding, standingIn } from './attributes.ts';
import { look, type LookingGlass } from './look.ts';
import { readMemo } from './memo.ts';
import { nameText, rolloutOfWorkflowId, workflowIdOfRollout } from './name.ts';
import { readingMs, readSeries, readTraffic } from './readings.ts';
import type {
  ListedRollout,
  ListFilter,
  Order,
  RolloutName,
  Rollouts,
  Run,
  Sight,
  StartAnswer,
  StartOrder,
} from './rollouts.ts';
import { sendOrder } from './send.ts';
import { startRollout } from './start.ts';
import { problemOf, type TemporalPlace } from './temporal-errors.ts';
import { runUrl } from './ui-url.ts';

/** Long enough for Temporal to come back from a restart; a person waits. */
const callMs = 15_000;

interface Parts extends LookingGlass {
  readonly connection: Connection;
  readonly client: Client;
  readonly place: TemporalPlace;
  readonly taskQueue: string;
}

/** Rollouts as workflows of one task queue. */
export class TemporalRollouts implements Rollouts {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(order: StartOrder): Promise<StartAnswer> {
    return this.#call(() => startRollout(this.#parts, this, order));
  }

  find(rollout: RolloutName): Promise<Run> {
    return this.#call(async () => {
      const { runId } = await this.#describe(rollout);
      return { rollout, runId };
    });
  }

  async look(run: Run): Promise<Sight> {
    try {
      return await look(this.#parts, run);
    } catch (error) {
      throw problemOf(error, this.#parts.place);
    }
  }

  abort(rollout: RolloutName, command: Command, wanted?: string): Promise<Run> {
    return this.#call(async () => {
      const runId = wanted ?? (await this.#runningRun(rollout));
      try {
        await this.#parts.client.workflow
          .getHandle(workflowIdOfRollout(rollout), runId)
          .signal(abort, command);
      } catch (error) {
        // It ended between the two calls, or long ago.
        throw error instanceof WorkflowNotFoundError ? hasEnded(rollout) : error;
      }
      return { rollout, runId };
    });
  }

  async send(rollout: RolloutName, order: Order): Promise<string> {
    const run = await this.find(rollout);
    const sight = await this.look(run);
    return this.#call(() => sendOrder(this.#parts.client, run, sight, order));
  }

  readTraffic(plan: Plan): Promise<TrafficReading> {
    return this.#call(() => readTraffic(this.#parts, plan));
  }

  readSeries(order: SeriesQuestion): Promise<SeriesReading> {
    return this.#call(() => readSeries(this.#parts, order), readingMs.series + callMs);
  }

  list(filter: ListFilter): Promise<readonly ListedRollout[]> {
    return this.#call(async () => {
      const query = listQuery(filter, this.#parts.taskQueue);
      const rows: Promise<ListedRollout>[] = [];
      for await (const execution of this.#parts.client.workflow.list({ query, pageSize: 100 })) {
        const rollout = rolloutOfWorkflowId(execution.workflowId);
        if (rollout === null || !isIn(filter, rollout)) continue;
        rows.push(this.#listed(rollout, execution));
        if (rows.length === filter.limit) break;
      }
      return Promise.all(rows);
    });
  }

  async close(): Promise<void> {
    await this.#parts.connection.close();
  }

  urlOf(run: Run, ui: URL | null): string | null {
    return runUrl(this.#parts.place, run, ui);
  }

  /** @throws CliProblem when none runs. */
  async #runningRun(rollout: RolloutName): Promise<string> {
    const { runId, status } = await this.#describe(rollout);
    if (status.name !== 'RUNNING' && status.name !== 'PAUSED') throw hasEnded(rollout);
    return runId;
  }

  async #describe(rollout: RolloutName): Promise<WorkflowExecutionDescription> {
    try {
      return await this.#parts.client.workflow.getHandle(workflowIdOfRollout(rollout)).describe();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      const message = `There is no rollout ${nameText(rollout)}`;
      throw new CliProblem(exitCodes.notFound, message, 'See what there is: sluice list', error);
    }
  }

  async #listed(rollout: RolloutName, execution: WorkflowExecutionInfo): Promise<ListedRollout> {
    const { runId, startTime, closeTime, memo } = execution;
    const { version, startedBy } = readMemo(memo);
    const run = { rollout, runId };
    const standing = listedStanding(execution) ?? standingIn(await this.look(run));
    return {
      ...rollout,
      runId,
      version: version ?? null,
      startedBy: startedBy ?? null,
      startedAtMs: startTime.getTime(),
      endedAtMs: closeTime?.getTime() ?? null,
      ...standing,
    };
  }

  async #call<T>(work: () => Promise<T>, withinMs = callMs): Promise<T> {
    try {
      return await this.#parts.connection.withDeadline(Date.now() + withinMs, work);
    } catch (error) {
      throw problemOf(error, this.#parts.place);
    }
  }
}

function isIn({ namespace }: ListFilter, rollout: RolloutName): boolean {
  return namespace === undefined || namespace === rollout.namespace;
}

function listQuery({ cluster, runningOnly }: ListFilter, taskQueue: string): string {
  const conditions = [
    `WorkflowType = '${rolloutWorkflowType}'`,
    `TaskQueue = '${taskQueue.replaceAll("'", "''")}'`,
    ...(cluster === undefined ? [] : [`WorkflowId STARTS_WITH 'rollout/${cluster}/'`]),
    ...(runningOnly ? [`ExecutionStatus = 'Running'`] : []),
  ];
  return conditions.join(' AND ');
}

function hasEnded(rollout: RolloutName): CliProblem {
  return new CliProblem(
    exitCodes.notFound,
    `The rollout ${nameText(rollout)} has ended: there is nothing to abort`,
    `How it ended: sluice status ${rollout.name}`,
  );
}
