import {
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { rolloutWorkflowType } from '../../workflows/messages.ts';
import type { RolloutInput } from '../../domain/rollout/state.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import { attributesOf, isAboutSearchAttributes, searchAttributeAdvice } from './attributes.ts';
import { planDigest } from './digest.ts';
import { startDetails, startSummary } from './static-details.ts';
import { memoOf, readMemo } from './memo.ts';
import { nameText, workflowIdOfRollout } from './name.ts';
import type { RolloutName, Rollouts, Run, StartAnswer, StartOrder } from './rollouts.ts';

interface StartParts {
  readonly client: Client;
  readonly taskQueue: string;
}

/** The one in the way may end just while it is looked at; more often than this, something else is wrong. */
const mostTries = 3;

/**
 * Starts a rollout, or joins the one that runs with the same plan. Sent again after a lost answer, it finds its own
 * rollout and joins it.
 */
export async function startRollout(
  parts: StartParts,
  rollouts: Pick<Rollouts, 'look'>,
  order: StartOrder,
): Promise<StartAnswer> {
  const { cluster, namespace } = order.plan.target;
  const rollout = { cluster, namespace, name: order.plan.name };
  for (let tries = 0; tries < mostTries; tries++) {
    try {
      return { kind: 'started', ...(await startWorkflow(parts, rollout, order)) };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const answer = await whoRuns(parts.client, rollouts, rollout, order);
      if (answer !== null) return answer;
    }
  }
  throw new CliProblem(
    exitCodes.unexpected,
    `Cannot start ${nameText(rollout)}: each time another rollout of it was running, and had ended when looked at`,
    'See what goes on: sluice list',
  );
}

/** With search attributes, or without where Temporal does not know them: they are for looking, not for running. */
async function startWorkflow(
  { client, taskQueue }: StartParts,
  rollout: RolloutName,
  order: StartOrder,
): Promise<{ run: Run; advice: string | null }> {
  const { plan, startedBy, reason } = order;
  const input: RolloutInput = { plan, startedBy, reason };
  const options = {
    taskQueue,
    workflowId: workflowIdOfRollout(rollout),
    workflowIdConflictPolicy: 'FAIL',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [input],
    memo: { ...memoOf(plan, startedBy) },
    staticSummary: startSummary(plan),
    staticDetails: startDetails(order),
  } as const;
  const runOf = ({ firstExecutionRunId }: { readonly firstExecutionRunId: string }): Run => {
    return { rollout, runId: firstExecutionRunId };
  };
  try {
    const typedSearchAttributes = attributesOf(plan);
    const handle = await client.workflow.start(rolloutWorkflowType, { ...options, typedSearchAttributes });
    return { run: runOf(handle), advice: null };
  } catch (error) {
    if (!isAboutSearchAttributes(error)) throw error;
    return {
      run: runOf(await client.workflow.start(rolloutWorkflowType, options)),
      advice: searchAttributeAdvice,
    };
  }
}

/** Null when it has ended meanwhile. */
async function whoRuns(
  client: Client,
  rollouts: Pick<Rollouts, 'look'>,
  rollout: RolloutName,
  { plan }: StartOrder,
): Promise<StartAnswer | null> {
  const found = await client.workflow.getHandle(workflowIdOfRollout(rollout)).describe();
  if (!isOpen(found)) return null;
  const run: Run = { rollout, runId: found.runId };
  const memo = readMemo(found.memo);
  if (memo.planDigest === planDigest(plan)) return { kind: 'joined', run };
  const sight = await rollouts.look(run);
  const state = 'state' in sight ? sight.state : null;
  // Started from Temporal's UI, without a memo.
  if (state !== null && planDigest(state.plan) === planDigest(plan)) return { kind: 'joined', run };
  const by = {
    run,
    version: memo.version ?? state?.plan.release.version ?? null,
    startedBy: memo.startedBy ?? state?.startedBy ?? null,
    startedAtMs: found.startTime.getTime(),
    state,
  };
  return { kind: 'taken', by };
}

function isOpen({ status }: WorkflowExecutionDescription): boolean {
  return status.name === 'RUNNING' || status.name === 'PAUSED';
}
