import {
  QueryRejectedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
  type Connection,
  type WorkflowHandle,
} from '@temporalio/client';
import type { RolloutOutcome, RolloutState } from '../../domain/rollout/state.ts';
import { status } from '../../workflows/messages.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import { nameText, workflowIdOfRollout } from './name.ts';
import type { Run, Sight } from './rollouts.ts';
import { troubleOf, wordsOf } from './temporal-errors.ts';

/** How long a look waits for the worker, and then for Temporal. */
const answerMs = 3000;

export interface LookingGlass {
  readonly connection: Connection;
  /** Its queries are answered for ended workflows too. */
  readonly client: Client;
  /** Its queries are refused by ended workflows: that tells running from terminated, whatever the state says. */
  readonly openOnly: Client;
}

/** One look at a run; whoever is away is told by the sight. */
export async function look(glass: LookingGlass, run: Run): Promise<Sight> {
  try {
    const state = await within(glass, () => handle(glass.openOnly, run).query(status));
    return state.outcome === null
      ? { kind: 'running', state }
      : { kind: 'ended', outcome: state.outcome, state };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw notFound(run, error);
    if (error instanceof QueryRejectedError) return ending(glass, run);
    return withoutWorker(glass, run, error);
  }
}

/** The worker does not answer: is it only the worker, and does the rollout still run? */
async function withoutWorker(glass: LookingGlass, run: Run, error: unknown): Promise<Sight> {
  if (troubleOf(error) === 'forbidden' || troubleOf(error) === 'noNamespace') throw error;
  try {
    const found = await within(glass, () => handle(glass.client, run).describe());
    if (found.status.name !== 'RUNNING' && found.status.name !== 'PAUSED') return await ending(glass, run);
    const why = troubleOf(error) === 'away' ? `task queue ${found.taskQueue}` : wordsOf(error);
    return { kind: 'noWorker', why };
  } catch (cause) {
    if (cause instanceof WorkflowNotFoundError) throw notFound(run, cause);
    if (troubleOf(cause) !== 'away') throw cause;
    return { kind: 'noTemporal', why: wordsOf(cause) };
  }
}

/** The result is in Temporal's history; the last state only a worker can tell. */
async function ending(glass: LookingGlass, run: Run): Promise<Sight> {
  const lastState: Promise<RolloutState | null> = within(glass, () =>
    handle(glass.client, run).query(status),
  ).catch(() => null);
  try {
    const outcome = await within(glass, () => handle(glass.client, run).result());
    return { kind: 'ended', outcome, state: await lastState };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { kind: 'cutOff', how: error.cause?.message ?? error.message, state: await lastState };
  }
}

function handle(client: Client, { rollout, runId }: Run): WorkflowHandle<() => Promise<RolloutOutcome>> {
  return client.workflow.getHandle(workflowIdOfRollout(rollout), runId, { followRuns: false });
}

function within<T>({ connection }: LookingGlass, ask: () => Promise<T>): Promise<T> {
  return connection.withDeadline(Date.now() + answerMs, ask);
}

function notFound({ rollout }: Run, cause: unknown): CliProblem {
  const message = `There is no rollout ${nameText(rollout)}`;
  return new CliProblem(exitCodes.notFound, message, 'See what there is: sluice list', cause);
}
