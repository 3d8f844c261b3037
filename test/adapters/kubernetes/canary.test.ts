import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { failureTypes } from '../../../src/domain/failures.ts';
import { PortFault } from '../../../src/ports/faults.ts';
import { dieEverywhere, sleepingApi, wrapped } from './apis.ts';
import { release, stableService } from './objects.ts';
import { deployStable, newOwner, soon, workloadOn, type TestTarget } from './target.ts';

describe('the canary on a real API server', () => {
  let it: TestTarget;
  let owner: { rolloutId: string };

  beforeAll(async () => {
    it = await deployStable('canary', 0);
  });
  afterAll(() => it.remove());
  beforeEach(async () => {
    await it.workload.restoreTarget(it.target, soon());
    owner = newOwner();
  });

  const deployment = () => it.api.find(kinds.deployment, it.namespace, 'vllm-canary');
  const service = () => it.api.find(kinds.service, it.namespace, 'vllm-canary');
  const create = (replicas = 0) => it.workload.createCanary(it.target, release, replicas, owner);
  const remove = () => it.workload.removeCanary(it.target, owner, soon());

  test('has the template of stable with the patch merged as Kubernetes merges it', async () => {
    await it.workload.secureStable(it.target, owner);
    const before = await it.api.read(kinds.deployment, it.namespace, 'vllm');
    await create();
    const made = await deployment();
    const template = structuredClone(before.spec?.template);
    const [container] = template?.spec?.containers ?? [];
    // The list of variables is merged by name: MODEL_NAME stays.
    if (container !== undefined) {
      container.env = [
        { name: 'MODEL_NAME', value: 'llama' },
        { name: 'ARM', value: 'canary' },
      ];
    }
    expect(made?.spec?.template.spec).toEqual(template?.spec);
    expect(made?.spec?.template.metadata?.annotations).toEqual({
      ...template?.metadata?.annotations,
      example: 'v2',
    });
    expect(made?.metadata?.ownerReferences).toBeUndefined();
    expect((await service())?.spec).toMatchObject({
      selector: made?.spec?.selector.matchLabels ?? 'missing',
      ports: [{ name: 'http', port: 8000, targetPort: 'http' }],
    });
    const after = await it.api.read(kinds.deployment, it.namespace, 'vllm');
    expect(after.spec).toEqual(before.spec);
  });

  test('is made once by two attempts at once, and by a later one', async () => {
    await it.workload.secureStable(it.target, owner);
    await Promise.all([create(), create()]);
    const uid = (await deployment())?.metadata?.uid;
    await create();
    expect((await deployment())?.metadata?.uid).toBe(uid);
    await Promise.all([remove(), remove()]);
    expect([await deployment(), await service()]).toEqual([null, null]);
  });

  test('is completed after a crash at any point', async () => {
    const deaths = await dieEverywhere(it.api, {
      before: secureAnew,
      work: (api) => workloadOn(api).createCanary(it.target, release, 0, owner),
      check: async () => {
        expect((await deployment())?.metadata?.labels).toMatchObject({
          'sluice.dev/rollout-id': owner.rolloutId,
        });
        expect(await service()).not.toBeNull();
      },
    });
    expect(deaths).toBeGreaterThanOrEqual(6);
  });

  test('is removed completely after a crash at any point', async () => {
    const deaths = await dieEverywhere(it.api, {
      before: async () => {
        await secureAnew();
        await create();
      },
      work: (api) => workloadOn(api).removeCanary(it.target, owner, soon()),
      check: async () => {
        expect([await deployment(), await service()]).toEqual([null, null]);
      },
    });
    expect(deaths).toBeGreaterThanOrEqual(6);
  });

  test('a Deployment without its Service is completed', async () => {
    await prepare();
    await it.delete(named('vllm-canary'));
    await create();
    await expect(service()).resolves.not.toBeNull();
  });

  test('is not made by a rollout that has not secured stable', async () => {
    await expect(create()).rejects.toMatchObject({ type: 'StaleWrite' });
    expect(await deployment()).toBeNull();
  });

  test('is not made by an attempt that comes after the end of its rollout', async () => {
    await prepare();
    await remove();
    await it.workload.releaseStable(it.target, owner);
    await expect(create()).rejects.toMatchObject({ type: 'StaleWrite' });
    await expect(it.workload.secureStable(it.target, owner)).rejects.toMatchObject({ type: 'StaleWrite' });
    expect([await deployment(), await service()]).toEqual([null, null]);
  });

  test('an attempt that slept through the end of its rollout takes away what it makes', async () => {
    await it.workload.secureStable(it.target, owner);
    const { api, asleep, wakeUp } = sleepingApi(
      it.api,
      ({ method, kind }) => method === 'create' && kind.kind === 'Deployment',
    );
    const late = workloadOn(api).createCanary(it.target, release, 0, owner);
    await asleep;
    await remove();
    await it.workload.releaseStable(it.target, owner);
    wakeUp();
    await expect(late).rejects.toMatchObject({ type: 'StaleWrite' });
    await remove();
    expect([await deployment(), await service()]).toEqual([null, null]);
  });

  test('an attempt that gave a request up, which came after the end of its rollout, takes away what it made', async () => {
    await it.workload.secureStable(it.target, owner);
    const api = wrapped(it.api, async ({ method, kind }, run) => {
      if (method !== 'create' || kind.kind !== 'Deployment') return run();
      await it.workload.releaseStable(it.target, owner);
      await run();
      throw new PortFault(failureTypes.Unavailable, 'no answer in time');
    });
    const late = workloadOn(api).createCanary(it.target, release, 0, owner);
    await expect(late).rejects.toMatchObject({ type: 'StaleWrite' });
    const left = await deployment();
    expect(left === null || left.metadata?.deletionTimestamp !== undefined).toBe(true);
    expect(await service()).toBeNull();
    await remove();
    expect(await deployment()).toBeNull();
  });

  test.each([
    ['nobody', {}, 'no rollout made it'],
    ['another rollout', { 'sluice.dev/rollout-id': 'other' }, 'rollout other made it'],
  ])('an object of that name by %s is refused and left alone', async (_, labels, why) => {
    await it.workload.secureStable(it.target, owner);
    const foreign = { ...named('vllm-canary', labels), spec: stableService(it.namespace).spec };
    await it.apply(foreign);
    await expect(create()).rejects.toMatchObject({ type: 'Refused', message: expect.stringContaining(why) });
    await remove();
    await expect(service()).resolves.not.toBeNull();
    await it.delete(foreign);
  });

  test('is scaled, twice without harm, and only while it is ours', async () => {
    await prepare();
    const scale = (replicas: number) => it.workload.scaleCanary(it.target, replicas, owner);
    await Promise.all([scale(1), scale(1)]);
    expect((await deployment())?.spec?.replicas).toBe(1);
    await scale(0);
    await expect(it.workload.scaleCanary(it.target, 1, newOwner())).rejects.toMatchObject({
      type: 'ForeignChange',
    });
    await remove();
    await expect(scale(1)).rejects.toMatchObject({ type: 'ForeignChange' });
  });

  test('a scaling that slept through a later one does not undo it', async () => {
    await prepare();
    const { api, asleep, wakeUp } = sleepingApi(it.api, ({ method }) => method === 'patch');
    const late = workloadOn(api).scaleCanary(it.target, 3, owner);
    await asleep;
    await it.workload.scaleCanary(it.target, 1, owner);
    wakeUp();
    await expect(late).rejects.toMatchObject({ type: 'Unavailable' });
    expect((await deployment())?.spec?.replicas).toBe(1);
  });

  test('whose Deployment somebody made theirs is left, and said so', async () => {
    await prepare();
    const relabelled = { metadata: { labels: { 'sluice.dev/rollout-id': null } } };
    await it.api.patch(kinds.deployment, it.namespace, 'vllm-canary', relabelled, { type: 'merge' });
    await expect(remove()).rejects.toMatchObject({ type: 'ForeignChange' });
    await it.delete({ ...named('vllm-canary'), apiVersion: 'apps/v1', kind: 'Deployment' });
  });

  async function secureAnew(): Promise<void> {
    await it.workload.restoreTarget(it.target, soon());
    owner = newOwner();
    await it.workload.secureStable(it.target, owner);
  }

  async function prepare(): Promise<void> {
    await it.workload.secureStable(it.target, owner);
    await create();
  }

  function named(name: string, labels: object = {}) {
    return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: it.namespace, labels } };
  }
});
