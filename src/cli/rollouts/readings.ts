import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import type { Plan } from '../../domain/plan/plan.ts';
import type { TrafficQuestion, TrafficReading } from '../../domain/prospects/traffic.ts';
import type { SeriesQuestion, SeriesReading } from '../../domain/series/series.ts';
import { readSeriesWorkflowType, readTrafficWorkflowType } from '../../workflows/messages.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';

interface Parts {
  readonly client: Client;
  readonly taskQueue: string;
}

interface Question {
  readonly type: string;
  readonly order: TrafficQuestion;
  /** For people: `read today's traffic`. */
  readonly what: string;
  /** After this nobody waits for the answer any more, and no worker has to give it. */
  readonly withinMs: number;
}

/** How long {@link readTraffic} and {@link readSeries} take at most. */
export const readingMs = { traffic: 12_000, series: 60_000 } as const;

/**
 * Asks a worker for today's traffic, which it alone can reach.
 * @throws CliProblem when none answers.
 */
export function readTraffic(parts: Parts, plan: Plan): Promise<TrafficReading> {
  const what = "read today's traffic";
  return ask(parts, { type: readTrafficWorkflowType, order: { plan }, what, withinMs: readingMs.traffic });
}

/**
 * Asks a worker how both arms did.
 * @throws CliProblem when none answers.
 */
export function readSeries(parts: Parts, order: SeriesQuestion): Promise<SeriesReading> {
  const what = 'read how both arms did';
  return ask(parts, { type: readSeriesWorkflowType, order, what, withinMs: readingMs.series });
}

async function ask<Answer>({ client, taskQueue }: Parts, question: Question): Promise<Answer> {
  const { type, order, what, withinMs } = question;
  const { target, name } = order.plan;
  try {
    return await client.workflow.execute<(order: TrafficQuestion) => Promise<Answer>>(type, {
      taskQueue,
      workflowId: [type, target.cluster, target.namespace, name, randomUUID()].join('/'),
      workflowExecutionTimeout: withinMs,
      args: [order],
      staticSummary: `${what}: ${name}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw new CliProblem(
      exitCodes.unexpected,
      `No worker on task queue ${taskQueue} could ${what}: ${error.cause?.message ?? error.message}`,
      '',
      error,
    );
  }
}
