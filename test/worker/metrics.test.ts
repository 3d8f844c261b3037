import { describe, expect, test } from '@jest/globals';
import { RolloutMetrics } from '../../src/worker/metrics.ts';
import { baking, plan, promoted, rolledBack } from '../support/cli-states.ts';
import { samples } from '../support/worker-samples.ts';

describe('the worker’s metrics', () => {
  const labels = 'cluster="default",namespace="llm",rollout="vllm"';

  test('phase and weight of the rollouts that are watched here, while they are', async () => {
    const metrics = new RolloutMetrics();
    const stopFirst = metrics.watching(plan, 1);
    // The next guard begins before the one before it ends.
    const stopSecond = metrics.watching(plan, 10);
    stopFirst();
    expect(await samples(metrics, 'sluice_phase')).toEqual([`sluice_phase{${labels}} 2`]);
    expect(await samples(metrics, 'sluice_weight_percent')).toEqual([`sluice_weight_percent{${labels}} 10`]);
    stopSecond();
    expect(await samples(metrics, 'sluice_phase')).toEqual([]);
    expect(await samples(metrics, 'sluice_weight_percent')).toEqual([]);
  });

  test('ended rollouts by outcome and reason', async () => {
    const metrics = new RolloutMetrics();
    for (const outcome of [promoted, rolledBack, rolledBack]) metrics.ended(outcome);
    expect(await samples(metrics, 'sluice_rollouts_total')).toEqual([
      'sluice_rollouts_total{outcome="promoted",reason="completed"} 1',
      'sluice_rollouts_total{outcome="rolledBack",reason="breach"} 2',
    ]);
  });

  test('verdicts, failures, and how long the way back took', async () => {
    const metrics = new RolloutMetrics();
    metrics.judged(baking.verdicts);
    metrics.activityFailed('shiftWeight', 'Unavailable');
    metrics.trafficMovedBack(80);
    expect(await samples(metrics, 'sluice_verdicts_total')).toEqual([
      'sluice_verdicts_total{metric="error-rate",outcome="pass"} 1',
      'sluice_verdicts_total{metric="e2e-latency p99",outcome="inconclusive"} 1',
    ]);
    expect(await samples(metrics, 'sluice_activity_failures_total')).toEqual([
      'sluice_activity_failures_total{activity="shiftWeight",type="Unavailable"} 1',
    ]);
    expect(await samples(metrics, 'sluice_rollback_seconds_bucket')).toContain(
      'sluice_rollback_seconds_bucket{le="0.1"} 1',
    );
  });

  test('alerts by what came of them, from 0 on: then the first one is an increase', async () => {
    const metrics = new RolloutMetrics();
    metrics.alerted('held');
    const lines = await samples(metrics, 'sluice_alerts_total');
    expect(lines).toContain('sluice_alerts_total{result="held"} 1');
    expect(lines).toContain('sluice_alerts_total{result="aborted"} 0');
    expect(lines).toContain('sluice_alerts_total{result="unauthorized"} 0');
  });
});
