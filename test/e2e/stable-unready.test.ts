import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { AppsV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { waitFor, waitForDeployment } from '../../dev/cluster/wait.ts';
import { abort } from '../../src/workflows/messages.ts';
import { BreakableWorld } from '../support/breakable-world.ts';
import { longPhase } from '../support/error-criteria.ts';
import { failures } from '../support/load-facts.ts';
import { pendingActivity } from '../support/pending-activities.ts';
import { standinRelease } from '../support/releases.ts';
import { readBackends, untilTrafficIsBack } from '../support/route.ts';
import { changeBehaviour, podsOf, untilReady } from '../support/standin-pods.ts';

const person = { by: 'ann', reason: 'a test' };
/** A scrape a second, a look a second, and a loaded machine. Peers leave the traffic there for as long as the pod is unready. */
const breachWithinMs = 30_000;
const release = standinRelease('canary', {
  container: { lifecycle: { preStop: { sleep: { seconds: 1 } } } },
});

describe('pods of stable that are not ready', () => {
  let world: BreakableWorld;
  beforeAll(async () => {
    world = await BreakableWorld.open('unready', 20);
    await fourPods(world);
  }, 300_000);
  afterEach(async () => {
    for (const pod of await podsOf(world.service, 'stable')) await changeBehaviour(pod, { ready: true });
    await world.settle();
    await untilReady(world.service, 4);
  });
  afterAll(() => world.close(), 120_000);

  const fallSick = async (count: number) => {
    const pods = await podsOf(world.service, 'stable');
    for (const pod of pods.slice(0, count)) await changeBehaviour(pod, { ready: false });
    await untilReady(world.service, 4 - count);
  };

  test.each([{ unready: 0 }, { unready: 1 }])(
    'a breach while $unready of 4 are unready moves the traffic back',
    async ({ unready }) => {
      const before = await world.objects();
      const run = await world.start(world.plan({ release }));
      await run.reaches('baking');
      await fallSick(unready);
      for (const pod of await podsOf(world.service, 'canary'))
        await changeBehaviour(pod, { errors: { http500PerThousand: 1000 } });

      await untilTrafficIsBack(world.service, breachWithinMs);
      expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'breach', leftToDo: [] });
      const ready = (await podsOf(world.service, 'stable')).filter((it) => it.ready);
      expect(ready.map((it) => it.name)).toHaveLength(4 - unready);
      expect(await world.objects()).toEqual(before);
      const { arms, total, examples } = world.load.snapshot();
      const harmed = arms['canary']?.failures['status_500'];
      expect({ failures: total.failures, examples }).toEqual({
        failures: { status_500: harmed },
        examples: { status_500: expect.any(String) },
      });
    },
    300_000,
  );

  test('with none ready the traffic stays on the canary and is served, loudly, and goes back once one is', async () => {
    const before = await world.objects();
    const harmed = failures(world.load.snapshot()).failed;
    const run = await world.start(world.plan({ release, phases: [longPhase(100, { bakeMs: 0 })] }));
    await run.reaches('keepingOld');
    await fallSick(4);
    await run.handle.signal(abort, person);

    const loud = 'stable has no ready pod: the traffic stays on the canary until it has one';
    await waitFor('the rollout to say why the traffic stays', async () => {
      const details = (await pendingActivity(run.handle, 'moveTrafficBack'))?.details;
      return details === loud ? true : undefined;
    });
    const { events, ...state } = await run.state();
    expect(state).toMatchObject({ status: 'rollingBack', weightPercent: 100 });
    expect(events.map((it) => it.what)).toContain(loud);
    // Still so, 100 requests later.
    const { total } = world.load.snapshot();
    await waitFor('100 more answers', () =>
      Promise.resolve(world.load.snapshot().total.good >= total.good + 100 ? true : undefined),
    );
    expect(await readBackends(world.service)).toBe('vllm 0, vllm-canary 100');

    const [one] = await podsOf(world.service, 'stable');
    if (one === undefined) throw new Error('stable has no pods at all');
    await changeBehaviour(one, { ready: true });
    await untilTrafficIsBack(world.service, breachWithinMs);
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
    expect(await world.objects()).toEqual(before);
    expect(failures(world.load.snapshot()).failed).toBe(harmed);
  }, 300_000);
});

/** Without the liveness probe: it asks what the readiness probe asks, and would restart a pod that is to stay unready. */
async function fourPods({ service }: BreakableWorld): Promise<void> {
  const { config } = service.cluster;
  const { namespace } = service;
  const template = { spec: { containers: [{ name: 'vllm', livenessProbe: null }] } };
  await config
    .makeApiClient(AppsV1Api)
    .patchNamespacedDeployment(
      { name: 'vllm', namespace, body: { spec: { replicas: 4, template } } },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
  await waitForDeployment(config, namespace, 'vllm');
}
