import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { advance, approve, hold, resume } from '../../workflows/messages.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import { nameText, workflowIdOfRollout } from './name.ts';
import type { Order, Run, Sight } from './rollouts.ts';

/**
 * Sends an update to the run that was just seen.
 * @returns what it did.
 * @throws CliProblem when it was refused, or nobody was there to answer.
 */
export async function sendOrder(client: Client, run: Run, sight: Sight, order: Order): Promise<string> {
  const state = mustRun(run, sight, order);
  const handle = client.workflow.getHandle(workflowIdOfRollout(run.rollout), run.runId);
  const { by, reason } = order;
  const updateId = orderId(order, state);
  const options = updateId === undefined ? {} : { updateId };
  try {
    if (order.verb === 'advance') {
      const args: [{ by: string; reason: string; full: boolean }] = [{ by, reason, full: order.full }];
      return (await handle.executeUpdate(advance, { ...options, args })).done;
    }
    const update = { approve, hold, resume }[order.verb];
    return (await handle.executeUpdate(update, { ...options, args: [{ by, reason }] })).done;
  } catch (error) {
    throw orderProblem(run, order, error);
  }
}

/** Without a worker nothing is sent: an update that nobody refuses would be carried out whenever one comes back. */
function mustRun({ rollout }: Run, sight: Sight, { verb }: Order): RolloutState {
  switch (sight.kind) {
    case 'running':
      return sight.state;
    case 'ended':
    case 'cutOff': {
      const message = `The rollout ${nameText(rollout)} has ended: cannot ${verb}`;
      throw new CliProblem(exitCodes.notFound, message, `How it ended: sluice status ${rollout.name}`);
    }
    case 'noWorker':
    case 'noTemporal': {
      const message = `No answer from the worker of ${nameText(rollout)} (${sight.why}); nothing was sent`;
      throw new CliProblem(exitCodes.unexpected, message, 'Only `sluice abort` works while no worker runs.');
    }
  }
}

/**
 * What ends a stay is the same order when it is sent twice during that stay, so that a second try after a lost answer
 * does not end the next stay too. Hold and resume do no harm twice.
 */
export function orderId(order: Order, { status, phase, endsAtMs }: RolloutState): string | undefined {
  if (order.verb === 'hold' || order.verb === 'resume') return undefined;
  const full = order.verb === 'advance' && order.full ? ['full'] : [];
  return [order.verb, ...full, phase ?? 'none', status, endsAtMs ?? 'open'].join('/');
}

function orderProblem({ rollout }: Run, { verb }: Order, error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError) {
    const why = error.cause?.message ?? error.message;
    return new CliProblem(
      exitCodes.badInput,
      `The rollout ${nameText(rollout)} refuses to ${verb}: ${why}`,
      '',
      error,
    );
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    const message = `No answer to ${verb} from the worker of ${nameText(rollout)}: it may still be carried out`;
    return new CliProblem(
      exitCodes.unexpected,
      message,
      `See what came of it: sluice status ${rollout.name}`,
      error,
    );
  }
  if (error instanceof WorkflowNotFoundError) {
    const message = `The rollout ${nameText(rollout)} has just ended: cannot ${verb}`;
    return new CliProblem(exitCodes.notFound, message, `How it ended: sluice status ${rollout.name}`, error);
  }
  return error;
}
