import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startLoad, type RunningLoad } from '../../dev/load/run.ts';
import { waitForDeployment } from '../../dev/cluster/wait.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { abort } from '../../src/workflows/messages.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { namespaceObjects } from '../support/namespace-objects.ts';
import { quickPlan } from '../support/plans.ts';
import { RealWorker } from '../support/real-worker.ts';
import { testAddresses } from '../support/test-platform.ts';

const second = 1000;
const minute = 60 * second;

/** The release of these tests: another arm in the answers' header, and whatever behaviour a test asks for. */
const release = (behaviour: object) => {
  const env = [
    { name: 'ARM', value: 'canary' },
    { name: 'BEHAVIOUR', value: JSON.stringify(behaviour) },
  ];
  return { version: 'v2', patch: { spec: { containers: [{ name: 'vllm', env }] } } };
};

describe('a rollout on the real platform, under 50 requests a second', () => {
  let worker: RealWorker;
  let service: ServiceUnderTest;
  let load: RunningLoad;

  beforeAll(async () => {
    worker = await RealWorker.open();
  });
  afterAll(() => worker.close(), 60_000);
  beforeEach(async () => {
    service = await deployService('rollout', { canary: false });
    const { gateway: url, host } = service;
    load = startLoad({ url, headers: { host }, model: 'llama', ratePerSecond: 50, streamShare: 1 });
  });
  afterEach(async () => {
    await load.stop();
    await service.remove();
  });

  const planOf = (changes: Partial<Plan> = {}): Plan => {
    const plan = quickPlan();
    return {
      ...plan,
      target: { ...plan.target, namespace: service.namespace },
      metrics: { ...plan.metrics, prometheus: { url: testAddresses().PROMETHEUS_URL } },
      guardIntervalMs: second,
      guards: plan.guards.map((guard) => ({ ...guard, minimumSamples: 10, windowMs: 10 * second })),
      phases: plan.phases.map((phase) => ({
        ...phase,
        bakeMs: 3 * second,
        gates: phase.gates.map((gate) => ({ ...gate, evidence: 'noBreach' as const, minimumSamples: 1 })),
      })),
      keepOldMs: 2 * second,
      ...changes,
    };
  };
  const objects = () => namespaceObjects(service.cluster.config, service.namespace);

  test('a good release is promoted, and not one request fails', async () => {
    const before = await objects();
    const run = await worker.start(planOf({ release: release({}) }));
    expect(await run.outcome()).toMatchObject({ status: 'promoted', leftToDo: [] });
    await waitForDeployment(service.cluster.config, service.namespace, 'vllm');
    const { total, examples } = await load.stop();
    expect({ failed: total.failed, examples }).toEqual({ failed: 0, examples: {} });
    // Only stable's template is another one now.
    const after = await objects();
    const { ['Deployment/vllm']: oldTemplate, ...restBefore } = before;
    const { ['Deployment/vllm']: newTemplate, ...restAfter } = after;
    expect(restAfter).toEqual(restBefore);
    expect(oldTemplate).not.toContain('BEHAVIOUR');
    expect(newTemplate).toContain('BEHAVIOUR');
  });

  test('a release with errors is rolled back by its guard; nothing fails but its own answers', async () => {
    const before = await objects();
    const bad = release({ errors: { http500PerThousand: 300 } });
    const phases = planOf().phases.map((phase) => ({
      ...phase,
      bakeMs: minute,
      weightPercent: Math.max(20, phase.weightPercent),
    }));
    const run = await worker.start(planOf({ release: bad, phases: phases.slice(1) }));
    const outcome = await run.outcome();
    expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'breach', leftToDo: [] });
    expect(outcome.evidence[0]).toMatchObject({ metric: 'error-rate', outcome: 'fail' });
    expect(await objects()).toEqual(before);
    const { arms } = await load.stop();
    expect(arms['stable']).toMatchObject({ failed: 0 });
    expect(arms['canary']?.failures).toEqual({ status_500: arms['canary']?.failed });
    expect(Object.keys(arms).sort()).toEqual(['canary', 'stable']);
  });

  test('an abort puts the traffic back, and everything is as it was', async () => {
    const before = await objects();
    const phases = planOf().phases.map((phase) => ({ ...phase, bakeMs: minute }));
    const run = await worker.start(planOf({ release: release({}), phases: phases.slice(2) }));
    await run.reaches('baking');
    await run.handle.signal(abort, { by: 'ann', reason: 'a test' });
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
    expect(await objects()).toEqual(before);
    const { total, examples } = await load.stop();
    expect({ failed: total.failed, examples }).toEqual({ failed: 0, examples: {} });
  });
});
