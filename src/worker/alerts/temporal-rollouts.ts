import { setTimeout as pause } from 'node:timers/promises';
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { abort, hold, rolloutWorkflowType, status, type Command } from '../../workflows/messages.ts';
import type { Found, Obedience, RunningRollout, RunningRollouts } from './running-rollouts.ts';

/** Alertmanager waits 10 s or more for the whole answer; an abort is two calls, a hold three. */
const callMs = 3000;

const ended: Obedience = { kind: 'refused', why: 'the rollout has just ended' };

/** Rollouts as workflows of one namespace and task queue. */
export class TemporalRollouts implements RunningRollouts {
  readonly #client: Client;
  readonly #taskQueue: string;

  constructor(client: Client, taskQueue: string) {
    this.#client = client;
    this.#taskQueue = taskQueue;
  }

  async find(rollout: string): Promise<Found> {
    const none = (why: string): Found => ({ kind: 'none', why });
    let found: WorkflowExecutionDescription;
    try {
      found = await this.#within(() => this.#client.workflow.getHandle(rollout).describe());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return none('there is no such rollout');
      throw error;
    }
    const { type, taskQueue, runId: rolloutId, startTime, status: execution } = found;
    if (type !== rolloutWorkflowType) return none('there is no such rollout');
    if (taskQueue !== this.#taskQueue) return none(`it belongs to the workers of task queue ${taskQueue}`);
    if (execution.name !== 'RUNNING' && execution.name !== 'PAUSED') return none('it has ended');
    return { kind: 'running', run: { rollout, rolloutId, startedAtMs: startTime.getTime() } };
  }

  async abort(run: RunningRollout, command: Command): Promise<Obedience> {
    try {
      await this.#within(() => this.#handle(run).signal(abort, command));
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return ended;
      throw error;
    }
  }

  state(run: RunningRollout): Promise<RolloutState> {
    return this.#within(() => this.#handle(run).query(status));
  }

  async hold(run: RunningRollout, command: Command, updateId: string): Promise<Obedience> {
    try {
      await this.#within(() => this.#handle(run).executeUpdate(hold, { updateId, args: [command] }));
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return ended;
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      return { kind: 'refused', why: error.cause?.message ?? error.message };
    }
  }

  #handle({ rollout, rolloutId }: RunningRollout) {
    return this.#client.workflow.getHandle(rollout, rolloutId);
  }

  /** The connection holds each try to the deadline, and goes on trying for longer: hence the clock beside it. */
  async #within<T>(call: () => Promise<T>): Promise<T> {
    const settled = new AbortController();
    const late = pause(callMs, undefined, { signal: settled.signal }).then((): never => {
      throw new Error(`no answer within ${callMs / 1000} s`);
    });
    try {
      return await Promise.race([this.#client.connection.withDeadline(Date.now() + callMs, call), late]);
    } finally {
      settled.abort();
    }
  }
}
