import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor, waitForDeployment } from '../../../dev/cluster/wait.ts';
import type { V1EndpointSlice } from '@kubernetes/client-node';
import { kinds, type Kind } from '../../../src/adapters/kubernetes-api/kinds.ts';
import type { Release } from '../../../src/domain/plan/plan.ts';
import type { ArmReadiness } from '../../../src/ports/workload.ts';
import { autoscaler, release } from './objects.ts';
import { snapshot, uncountedSnapshot } from './snapshot.ts';
import { deployStable, newOwner, soon, type TestTarget } from './target.ts';

const endpointSlice: Kind<V1EndpointSlice> = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
};

describe('a rollout with real pods', () => {
  let it: TestTarget;

  beforeAll(async () => {
    it = await deployStable('whole', 2);
    await it.apply(autoscaler(it.namespace));
  });
  afterAll(() => it.remove());

  test('leaves every object of the namespace as it was, and the canary serves in between', async () => {
    const before = await snapshot(it.api, it.namespace);
    const owner = newOwner();
    await it.workload.secureStable(it.target, owner);
    await it.workload.createCanary(it.target, release, 1, owner);
    expect(await canaryIs((arm) => arm.ready === 1)).toMatchObject({
      desired: 1,
      ready: 1,
      summary: '1/1 ready',
    });
    const pods = await it.workload.canaryPods(it.target);
    expect(pods).toEqual([
      { name: expect.stringMatching(/^vllm-canary-/), ip: expect.stringMatching(/^[\d.]+$/) },
    ]);
    expect(await endpointsOf('vllm')).toHaveLength(2);
    await waitFor('the canary to have its endpoint', async () =>
      (await endpointsOf('vllm-canary')).includes(pods[0]?.ip ?? 'none') ? true : undefined,
    );
    expect(await endpointsOf('vllm')).not.toContain(pods[0]?.ip);

    await it.workload.removeCanary(it.target, owner, soon());
    expect(await canaryPodCount()).toBe(0);
    expect(await it.workload.releaseStable(it.target, owner)).toEqual([]);
    await slicesGone();
    expect(await snapshot(it.api, it.namespace)).toEqual(before);
  });

  test('an image that cannot be pulled shows in the summary, and what was made goes all the same', async () => {
    const owner = newOwner();
    const broken: Release = {
      version: 'v3',
      patch: { spec: { containers: [{ name: 'vllm', image: 'localhost/sluice/no-such-image:1' }] } },
    };
    await it.workload.secureStable(it.target, owner);
    await it.workload.createCanary(it.target, broken, 1, owner);
    const arm = await canaryIs(({ summary }) => /ErrImagePull|ImagePullBackOff/.test(summary));
    expect(arm).toMatchObject({ desired: 1, ready: 0 });
    expect(arm.summary).toMatch(/^0\/1 ready: .* \(container vllm of pod vllm-canary-.*\)/);
    expect(await it.workload.canaryPods(it.target)).toEqual([]);
    expect((await it.workload.readiness(it.target)).stable).toMatchObject({ desired: 2, ready: 2 });
    await it.workload.removeCanary(it.target, owner, soon());
    await it.workload.releaseStable(it.target, owner);
  });

  test('a pod that no node has room for says so', async () => {
    const owner = newOwner();
    const huge: Release = {
      version: 'v4',
      patch: { spec: { containers: [{ name: 'vllm', resources: { requests: { cpu: '1000' } } }] } },
    };
    await it.workload.secureStable(it.target, owner);
    await it.workload.createCanary(it.target, huge, 1, owner);
    const arm = await canaryIs(({ summary }) => summary.includes('Unschedulable'));
    expect(arm.summary).toContain('Insufficient cpu');
    await it.workload.restoreTarget(it.target, soon());
  });

  test('removal waits for the end of pods, until it is told not to', async () => {
    const owner = newOwner();
    const slow: Release = {
      version: 'v5',
      patch: {
        spec: {
          terminationGracePeriodSeconds: 8,
          containers: [{ name: 'vllm', lifecycle: { preStop: { sleep: { seconds: 4 } } } }],
        },
      },
    };
    await it.workload.secureStable(it.target, owner);
    await it.workload.createCanary(it.target, slow, 1, owner);
    await canaryIs((arm) => arm.ready === 1);
    const leaving = new AbortController();
    const removal = it.workload.removeCanary(it.target, owner, leaving.signal);
    await waitFor('the pod to be told to go', async () =>
      (await canaryPods()).every(({ metadata }) => metadata?.deletionTimestamp !== undefined)
        ? true
        : undefined,
    );
    leaving.abort(new Error('enough'));
    await expect(removal).rejects.toThrow('enough');
    await expect(it.api.find(kinds.service, it.namespace, 'vllm-canary')).resolves.not.toBeNull();
    await it.workload.removeCanary(it.target, owner, soon());
    expect(await canaryPodCount()).toBe(0);
    expect(await it.api.find(kinds.service, it.namespace, 'vllm-canary')).toBeNull();
    await it.workload.releaseStable(it.target, owner);
  });

  test('restoreTarget needs no rollout: it clears away what one left that died', async () => {
    const before = await snapshot(it.api, it.namespace);
    const owner = newOwner();
    await it.workload.secureStable(it.target, owner);
    await it.workload.createCanary(it.target, release, 1, owner);
    expect(await it.workload.restoreTarget(it.target, soon())).toEqual([owner.rolloutId]);
    expect(await it.workload.restoreTarget(it.target, soon())).toEqual([]);
    await slicesGone();
    expect(await snapshot(it.api, it.namespace)).toEqual(before);
  });

  test('stable gets its first pods’ template back half-way through its update, and the release leaves its history', async () => {
    const before = await uncountedSnapshot(it.api, it.namespace);
    const sets = await it.api.list(kinds.replicaSet, it.namespace);
    const owner = newOwner();
    await it.workload.secureStable(it.target, owner);
    await it.workload.createCanary(it.target, release, 1, owner);
    await canaryIs((arm) => arm.ready === 1);
    await it.workload.updateStable(it.target, release, owner);
    await waitFor('a pod of the update', async () => {
      const pods = await it.api.list(kinds.pod, it.namespace, { labelSelector: 'app=vllm' });
      return pods.some(({ metadata }) => before[`Pod/${metadata?.name ?? ''}`] === undefined)
        ? true
        : undefined;
    });
    await it.workload.undoStable(it.target, owner);
    await it.workload.removeCanary(it.target, owner, AbortSignal.timeout(120_000));
    expect(await it.workload.releaseStable(it.target, owner)).toEqual([]);
    await waitForDeployment(it.config, it.namespace, 'vllm');
    await slicesGone();
    const after = await uncountedSnapshot(it.api, it.namespace);
    // The update may have stopped a pod or two of the first ReplicaSet before it was undone: it has others.
    const isRest = ([name]: [string, unknown]) => !/^(Pod|EndpointSlice)\//.test(name);
    expect(Object.entries(after).filter(isRest)).toEqual(Object.entries(before).filter(isRest));
    const pods = await it.api.list(kinds.pod, it.namespace);
    const alive = pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    expect(alive.map(({ metadata }) => metadata?.ownerReferences?.[0]?.uid)).toEqual(
      [1, 2].map(() => sets[0]?.metadata?.uid),
    );
  });

  test('stable gets the release by its own rolling update, and only new pods count as ready', async () => {
    const owner = newOwner();
    await it.workload.secureStable(it.target, owner);
    await it.workload.createCanary(it.target, release, 1, owner);
    await canaryIs((arm) => arm.ready === 1);
    expect(await it.workload.foreignChanges(it.target, owner)).toEqual([]);
    await it.workload.updateStable(it.target, release, owner);
    expect((await it.workload.readiness(it.target)).stable).toMatchObject({ ready: 0, serving: 2 });
    expect(await it.workload.foreignChanges(it.target, owner)).toEqual([]);
    const stable = await waitFor('stable to be renewed', async () => {
      const arm = (await it.workload.readiness(it.target)).stable;
      return arm.ready === 2 ? arm : undefined;
    });
    expect(stable.desired).toBe(2);
    const arms = (await it.api.list(kinds.pod, it.namespace, { labelSelector: 'app=vllm' }))
      .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
      .map(({ spec }) => spec?.containers[0]?.env?.find(({ name }) => name === 'ARM')?.value);
    expect(arms.filter((arm) => arm === 'canary').length).toBeGreaterThanOrEqual(2);
    await it.workload.removeCanary(it.target, owner, soon());
    await it.workload.releaseStable(it.target, owner);
    const inspection = await it.workload.inspect(it.target, release, newOwner());
    expect(inspection).toMatchObject({ servingVersion: 'v2', sameTemplate: true, leftovers: [] });
  });

  async function canaryIs(wanted: (arm: ArmReadiness) => boolean): Promise<ArmReadiness> {
    let last = '';
    const look = async () => {
      const { canary } = await it.workload.readiness(it.target);
      last = canary?.summary ?? 'no canary';
      return canary !== null && wanted(canary) ? canary : undefined;
    };
    return waitFor('the canary', look, { seen: () => last });
  }

  function canaryPods() {
    return it.api.list(kinds.pod, it.namespace, { labelSelector: 'sluice.dev/arm=canary' });
  }

  async function canaryPodCount(): Promise<number> {
    return (await canaryPods()).length;
  }

  async function endpointsOf(service: string): Promise<string[]> {
    const labelSelector = `kubernetes.io/service-name=${service}`;
    const slices = await it.api.list(endpointSlice, it.namespace, { labelSelector });
    return slices.flatMap(({ endpoints }) => (endpoints ?? []).flatMap(({ addresses }) => addresses));
  }

  /** Kubernetes collects them a moment after their Service. */
  async function slicesGone(): Promise<void> {
    await waitFor('the endpoints of the canary to go', async () => {
      const names = Object.keys(await snapshot(it.api, it.namespace));
      return names.some((name) => name.startsWith('EndpointSlice/vllm-canary')) ? undefined : true;
    });
  }
});
