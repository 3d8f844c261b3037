import { type NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { ReadingActivities, RolloutActivities } from '../activities/types.ts';
import { activityInterceptors } from './activity-interceptors.ts';
import { bundleWorkflows } from './bundle.ts';
import { sdkLogger } from './logger.ts';
import type { RolloutMetrics } from './metrics.ts';

/** Beyond the grace, for activities that do not listen: then the worker ends all the same. */
const forceAfterMs = 10_000;

/** A guard holds a slot for as long as its rollout lasts, and the way back must find a free one: slots cost nothing. */
const mostActivities = 5000;

/**
 * Rollouts whose workflows stay in memory; one more, and its next step replays its history first. The SDK's own choice
 * goes by the heap's limit, which is small in the image.
 */
const mostCachedWorkflows = 2000;

/** The SDK's part of the process: its logs into ours, its metrics to a loopback address, its signals left to us. */
export function installRuntime(logger: Logger, metricsAddress: string): void {
  Runtime.install({
    logger: sdkLogger(logger),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
      metrics: {
        prometheus: {
          bindAddress: metricsAddress,
          countersTotalSuffix: true,
          unitSuffix: true,
          useSecondsForDurations: true,
        },
      },
    },
  });
}

export interface RolloutWorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly shutdownGraceMs: number;
  /** A file that bundle.ts wrote from this very source; null: bundled now. */
  readonly workflowBundle: string | null;
  readonly activities: RolloutActivities & ReadingActivities;
  readonly metrics: RolloutMetrics;
  /** For what bundling says; the rest goes where `installRuntime` said. */
  readonly logger: Logger;
}

/** The worker with its workflows; it does not run yet. */
export async function createRolloutWorker({
  activities,
  metrics,
  shutdownGraceMs,
  workflowBundle,
  logger,
  ...where
}: RolloutWorkerParts): Promise<Worker> {
  // The compiler's list of modules is nobody's business while it works.
  const quiet = sdkLogger(logger.child({}, { level: 'warn' }));
  return Worker.create({
    ...where,
    workflowBundle:
      workflowBundle === null ? { code: await bundleWorkflows(quiet) } : { codePath: workflowBundle },
    activities,
    interceptors: { activity: [activityInterceptors(metrics)] },
    maxConcurrentActivityTaskExecutions: mostActivities,
    maxCachedWorkflows: mostCachedWorkflows,
    shutdownGraceTime: shutdownGraceMs,
    shutdownForceTime: shutdownGraceMs + forceAfterMs,
  });
}

/**
 * Runs until `stopping` aborts and everything under way has ended.
 * @throws what ended the worker before, or activities that went on beyond grace and patience.
 */
export async function runWorker(worker: Worker, stopping: AbortSignal): Promise<void> {
  const running = worker.run();
  const shutDown = () => {
    // It may have failed by itself: then `running` tells.
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  if (stopping.aborted) shutDown();
  else stopping.addEventListener('abort', shutDown, { once: true });
  await running;
}
