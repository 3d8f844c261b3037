import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { KubernetesObject } from '@kubernetes/client-node';
import { applyObjects, deleteObject } from '../../dev/cluster/objects.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import { abort, resume } from '../../src/workflows/messages.ts';
import { BreakableWorld } from '../support/breakable-world.ts';
import { failures, noFailures } from '../support/load-facts.ts';
import { kubectl } from '../support/kubectl.ts';
import { standinRelease } from '../support/releases.ts';
import { readBackends, untilTrafficIsBack } from '../support/route.ts';

const second = 1000;
const person = { by: 'ann', reason: 'a test' };
const release = standinRelease('canary', {
  container: { lifecycle: { preStop: { sleep: { seconds: 1 } } } },
});

describe('weights that are not what the rollout wrote', () => {
  let world: BreakableWorld;
  beforeAll(async () => {
    world = await BreakableWorld.open('weights', 40);
  }, 300_000);
  afterEach(() => world.settle(), 90_000);
  afterAll(() => world.close(), 120_000);

  test('changed by hand during a bake: it holds, says so, overwrites nothing, and an abort still works', async () => {
    const before = await world.objects();
    const run = await world.start(world.plan({ release }));
    await run.reaches('baking');
    const weights = [80, 20].map((value, index) => {
      return { op: 'replace', path: `/spec/rules/0/backendRefs/${index}/weight`, value };
    });
    const patch = ['patch', 'httproute', 'llm', '--type=json', '-p', JSON.stringify(weights)];
    await kubectl('-n', world.service.namespace, ...patch);
    const { holdReason } = await run.reaches('holding');
    expect(holdReason).toBe('HTTPRoute llm asks for 20 %, this rollout wrote 50 %');
    // Going on is a person's decision; it does not take the weight back either.
    await run.handle.executeUpdate(resume, { args: [person] });
    await run.reaches('baking');
    expect(await readBackends(world.service)).toBe('vllm 80, vllm-canary 20');

    await run.handle.signal(abort, person);
    await untilTrafficIsBack(world.service, 30 * second);
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
    expect(await world.objects()).toEqual(before);
    expect(failures(world.load.snapshot())).toEqual(noFailures);
  }, 300_000);

  test('a gateway that ignores them: it holds, and says which share it saw', async () => {
    const before = await world.objects();
    const { cluster, namespace, host } = world.service;
    const past = routePast(namespace, host);
    await applyObjects(cluster.objects, [past]);
    const run = await world.start(world.plan({ release }));
    const { holdReason } = await run.reaches('holding');
    expect(holdReason).toMatch(
      /^the gateway is asked for 50 %, and [\d.]+ % of \d+ requests reach the canary$/,
    );
    expect(await readBackends(world.service)).toBe('vllm 50, vllm-canary 50');
    await deleteObject(cluster.objects, past);
    await run.handle.signal(abort, person);
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
    await waitFor('the other route to go', async () => {
      const after = await world.objects();
      return 'HTTPRoute/past' in after ? undefined : true;
    });
    expect(await world.objects()).toEqual(before);
  }, 300_000);
});

/** Wins over the rollout's route, for its path is longer, and leads past the weights. */
function routePast(namespace: string, host: string): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'past', namespace },
    spec: {
      parentRefs: [{ namespace: 'gateway', name: 'gateway' }],
      hostnames: [host],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/v1/chat' } }],
          timeouts: { request: '0s' },
          backendRefs: [{ name: 'vllm', port: 8000 }],
        },
      ],
    },
  } as KubernetesObject;
}
