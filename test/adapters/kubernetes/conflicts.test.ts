import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openKubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { startApiProxy, type ApiProxy, type SeenRequest } from '../../support/api-proxy.ts';
import { wrapped } from './apis.ts';
import { autoscaler, release } from './objects.ts';
import { deployStable, newOwner, soon, workloadOn, type TestTarget } from './target.ts';

describe('a write beside the writes of others', () => {
  let it: TestTarget;
  let proxy: ApiProxy;
  let owner: { rolloutId: string };

  beforeAll(async () => {
    it = await deployStable('conflicts', 2);
    proxy = await startApiProxy(it.config);
  });
  afterAll(async () => {
    await proxy.close();
    await it.remove();
  });
  beforeEach(async () => {
    await it.workload.restoreTarget(it.target, soon());
    await it.apply(autoscaler(it.namespace));
    owner = newOwner();
  });

  const scaler = () => it.api.read(kinds.horizontalPodAutoscaler, it.namespace, 'vllm');
  const toAutoscaler = ({ method, path }: SeenRequest) => method === 'PATCH' && path.includes('horizontal');

  /** An API in whose way somebody annotates the autoscaler just before each of the first `times` writes to it. */
  function amongWriters(times: number) {
    let left = times;
    return wrapped(it.api, async (call, run) => {
      if (call.method === 'patch' && call.kind.kind === 'HorizontalPodAutoscaler' && left > 0) {
        left -= 1;
        const body = { metadata: { annotations: { 'example.org/count': String(left) } } };
        await it.api.patch(kinds.horizontalPodAutoscaler, it.namespace, 'vllm', body, { type: 'merge' });
      }
      return run();
    });
  }

  test('is decided again, and what the others wrote stays', async () => {
    await workloadOn(amongWriters(4)).secureStable(it.target, owner);
    const found = await scaler();
    expect(found.spec.minReplicas).toBe(2);
    expect(found.metadata?.annotations).toMatchObject({ 'example.org/count': '0' });
  });

  test('gives up after five times, for a later attempt', async () => {
    const secured = workloadOn(amongWriters(5)).secureStable(it.target, owner);
    await expect(secured).rejects.toMatchObject({ type: 'Unavailable' });
    expect((await scaler()).spec.minReplicas).toBe(1);
  });

  test.each([
    ['429', { answer: { status: 429, headers: { 'retry-after': '2' } } }],
    ['500', { answer: { status: 500 } }],
    ['no answer, after the write was done', { forward: true, answer: 'cut' }],
  ] as const)(
    'that is answered by %s fails for a later attempt, which completes it',
    async (_, disturbance) => {
      const workload = workloadOn(openKubernetesApi(proxy.config));
      void proxy.disturb({ to: toAutoscaler, ...disturbance });
      await expect(workload.secureStable(it.target, owner)).rejects.toMatchObject({ type: 'Unavailable' });
      await workload.secureStable(it.target, owner);
      expect((await scaler()).spec.minReplicas).toBe(2);
      void proxy.disturb({ to: toAutoscaler, ...disturbance });
      await expect(workload.releaseStable(it.target, owner)).rejects.toMatchObject({ type: 'Unavailable' });
      await workload.releaseStable(it.target, owner);
      expect((await scaler()).spec.minReplicas).toBe(1);
    },
  );

  test('that makes the canary and gets no answer is completed by the next attempt', async () => {
    const workload = workloadOn(openKubernetesApi(proxy.config, { requestTimeoutMs: 500 }));
    await workload.secureStable(it.target, owner);
    void proxy.disturb({
      to: ({ method, path }) => method === 'POST' && path.includes('/deployments'),
      forward: true,
      answer: 'nothing',
    });
    const create = () => workload.createCanary(it.target, release, 0, owner);
    await expect(create()).rejects.toMatchObject({ type: 'Unavailable' });
    await create();
    expect(await it.workload.foreignChanges(it.target, owner)).toEqual([]);
  });
});
