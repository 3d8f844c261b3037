import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, test } from '@jest/globals';
import type { RolloutActivities } from '../../src/activities/types.ts';
import { activityInterceptors } from '../../src/worker/activity-interceptors.ts';
import { createLogger, sdkLogger } from '../../src/worker/logger.ts';
import { RolloutMetrics } from '../../src/worker/metrics.ts';
import { plan, rolledBack } from '../support/cli-states.ts';
import { samples } from '../support/worker-samples.ts';

interface Call {
  readonly activityType?: keyof RolloutActivities;
  readonly attempt?: number;
  readonly order?: object;
}

/** Runs something as an activity, with the worker's interceptors around it; how it ends is not told. */
async function run(
  metrics: RolloutMetrics,
  work: () => Promise<unknown>,
  { activityType = 'shiftWeight', attempt = 1, order = {} }: Call = {},
): Promise<readonly Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('info', {
    write: (line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  });
  const environment = new MockActivityEnvironment(
    { activityType, attempt, scheduledTimestampMs: Date.now() - 3000 },
    { logger: sdkLogger(logger), interceptors: [activityInterceptors(metrics)] },
  );
  await environment.run(work, { plan, ...order }).catch(() => undefined);
  return lines;
}

const well = () => Promise.resolve();

describe('around activities', () => {
  test('a failure is counted by its type, or its class', async () => {
    const metrics = new RolloutMetrics();
    await run(metrics, () => Promise.reject(ApplicationFailure.create({ type: 'Unavailable' })));
    await run(metrics, () => Promise.reject(new TypeError('x')));
    expect(await samples(metrics, 'sluice_activity_failures_total')).toEqual([
      'sluice_activity_failures_total{activity="shiftWeight",type="Unavailable"} 1',
      'sluice_activity_failures_total{activity="shiftWeight",type="TypeError"} 1',
    ]);
  });

  test('a cancellation is no failure', async () => {
    const metrics = new RolloutMetrics();
    await run(metrics, () => Promise.reject(new CancelledFailure('over')));
    expect(await samples(metrics, 'sluice_activity_failures_total')).toEqual([]);
  });

  test('a rollout is shown while its guard runs, however that ends', async () => {
    const metrics = new RolloutMetrics();
    let during: string[] = [];
    const guard = async () => {
      during = await samples(metrics, 'sluice_weight_percent');
      throw new CancelledFailure('over');
    };
    await run(metrics, guard, { activityType: 'watchGuards', order: { weightPercent: 10 } });
    expect(during).toEqual(['sluice_weight_percent{cluster="default",namespace="llm",rollout="vllm"} 10']);
    expect(await samples(metrics, 'sluice_weight_percent')).toEqual([]);
  });

  test('the way back is timed from when it was decided, and only when it was gone', async () => {
    const metrics = new RolloutMetrics();
    await run(metrics, () => Promise.reject(new Error('503')), { activityType: 'moveTrafficBack' });
    expect(await samples(metrics, 'sluice_rollback_seconds_count')).toEqual([
      'sluice_rollback_seconds_count 0',
    ]);
    await run(metrics, well, { activityType: 'moveTrafficBack', attempt: 2 });
    expect(await samples(metrics, 'sluice_rollback_seconds_count')).toEqual([
      'sluice_rollback_seconds_count 1',
    ]);
    expect(await samples(metrics, 'sluice_rollback_seconds_bucket')).toEqual(
      expect.arrayContaining([
        'sluice_rollback_seconds_bucket{le="2"} 0',
        'sluice_rollback_seconds_bucket{le="5"} 1',
      ]),
    );
  });

  test('an outcome counts once, however often it takes to tell it', async () => {
    const metrics = new RolloutMetrics();
    const call = { activityType: 'notify', order: { outcome: rolledBack } } as const;
    await run(metrics, well, call);
    await run(metrics, well, { ...call, attempt: 2 });
    expect(await samples(metrics, 'sluice_rollouts_total')).toEqual([
      'sluice_rollouts_total{outcome="rolledBack",reason="breach"} 1',
    ]);
  });

  test('what is logged meanwhile tells version, phase and weight', async () => {
    const work = () => {
      Context.current().log.info('shifting');
      return Promise.resolve();
    };
    const lines = await run(new RolloutMetrics(), work, { order: { phase: 1, weightPercent: 10 } });
    expect(lines.find(({ msg }) => msg === 'shifting')).toMatchObject({
      version: 'v2',
      phase: 2,
      weightPercent: 10,
    });
  });
});
