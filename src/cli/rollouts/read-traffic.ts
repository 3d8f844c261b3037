import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import type { Plan } from '../../domain/plan/plan.ts';
import type { TrafficQuestion, TrafficReading } from '../../domain/prospects/traffic.ts';
import { readTrafficWorkflowType } from '../../workflows/messages.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';

interface Parts {
  readonly client: Client;
  readonly taskQueue: string;
}

/** After this nobody waits for the answer any more, and no worker has to give it. */
const answerMs = 12_000;

type ReadTraffic = (question: TrafficQuestion) => Promise<TrafficReading>;

/**
 * Asks a worker for today's traffic, which it alone can reach.
 * @throws CliProblem when none answers.
 */
export async function readTraffic({ client, taskQueue }: Parts, plan: Plan): Promise<TrafficReading> {
  const { cluster, namespace } = plan.target;
  try {
    return await client.workflow.execute<ReadTraffic>(readTrafficWorkflowType, {
      taskQueue,
      workflowId: ['traffic', cluster, namespace, plan.name, randomUUID()].join('/'),
      workflowExecutionTimeout: answerMs,
      args: [{ plan }],
      staticSummary: `how much traffic does ${plan.target.service.name} have?`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw new CliProblem(
      exitCodes.unexpected,
      `No worker on task queue ${taskQueue} could read today's traffic: ${error.cause?.message ?? error.message}`,
      'Without --live nobody is asked.',
      error,
    );
  }
}
