import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { V1EndpointSlice, V1Pod } from '@kubernetes/client-node';
import { waitForDeployment } from '../../../dev/cluster/wait.ts';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { adopt, factsOf, leave, podsOf, readyToAdopt, releaseNamed } from './adoption.ts';
import { autoscaler, stableDeployment } from './objects.ts';
import { deployStable, newOwner, type TestTarget } from './target.ts';
import { watchObjects } from './watched.ts';

describe('adopting the canary', () => {
  let it: TestTarget;

  beforeAll(async () => {
    it = await deployStable('adopt', 2);
    await it.apply(autoscaler(it.namespace));
    const slow = { spec: { minReadySeconds: 2 } };
    await it.api.patch(kinds.deployment, it.namespace, 'vllm', slow, { type: 'merge' });
    await waitForDeployment(it.config, it.namespace, 'vllm');
  });
  afterAll(() => it.remove());

  const stable = () => it.api.read(kinds.deployment, it.namespace, 'vllm');

  test('makes its running pods stable’s: none is started, and both Services have ready pods all the time', async () => {
    const ready = await readyToAdopt(it, releaseNamed('v2'));
    const old = await podsOf(it, 'app=vllm');
    const before = await podsOf(it);
    const patched = await it.api.patch(
      kinds.deployment,
      it.namespace,
      'vllm',
      { spec: { template: ready.release.patch } },
      { type: 'strategic', dryRun: true },
    );
    const pods = await watchObjects<V1Pod>(it.config, `/api/v1/namespaces/${it.namespace}/pods`);
    const slices = await watchObjects<V1EndpointSlice>(
      it.config,
      `/apis/discovery.k8s.io/v1/namespaces/${it.namespace}/endpointslices`,
    );
    const isNamed = (name: string) => (slice: V1EndpointSlice) =>
      slice.metadata?.labels?.['kubernetes.io/service-name'] === name;
    await slices.until('the endpoints of stable', isNamed('vllm'));
    await slices.until('the endpoints of the canary', isNamed('vllm-canary'));
    await pods.until('the pods', (pod) => pod.metadata?.name === before.at(-1)?.name);

    const steps: string[] = [];
    await adopt(it, ready, it.workload, (step) => steps.push(step));

    expect(await podsOf(it, 'app=vllm')).toEqual(ready.pods);
    expect((await it.workload.canaryPods(it.target)).map(({ name }) => name).sort()).toEqual(
      ready.pods.map(({ name }) => name),
    );
    expect(await it.workload.foreignChanges(it.target, ready.owner)).toEqual([]);
    await pods.until(
      'the end of the old pods',
      (pod) => pod.metadata?.name === old[0]?.name && pod.metadata?.deletionTimestamp !== undefined,
    );
    const { spec, metadata } = await stable();
    expect(spec?.template).toEqual(patched.spec?.template);
    expect(spec?.paused).toBeUndefined();
    expect(metadata?.annotations).toMatchObject({ 'sluice.dev/version': 'v2' });
    expect((await it.workload.readiness(it.target)).stable).toMatchObject({ desired: 2, ready: 2 });
    expect(steps.length).toBeGreaterThan(3);

    expect(await leave(it, ready)).toEqual([]);

    // A pod that its ReplicaSet's controller made too early would be gated: it never gets a node.
    const started = pods.changes
      .filter(({ spec: on }) => on?.nodeName !== undefined)
      .map((pod) => factsOf(pod).uid);
    expect(new Set(started)).toEqual(new Set(before.map(({ uid }) => uid)));
    // Not by readiness: a probe may fail now and then on a busy machine.
    const servingIn = (slice: V1EndpointSlice) =>
      (slice.endpoints ?? []).filter(({ conditions }) => conditions?.terminating !== true).length;
    const canary = slices.changes.filter(isNamed('vllm-canary')).map(servingIn);
    expect(new Set(canary)).toEqual(new Set([2]));
    expect(Math.min(...slices.changes.filter(isNamed('vllm')).map(servingIn))).toBe(2);
    pods.stop();
    slices.stop();
  });

  test('leaves no mark behind, and preflight of the next rollout finds nothing amiss', async () => {
    const [everyPod, everySet, found] = await Promise.all([
      it.api.list(kinds.pod, it.namespace),
      it.api.list(kinds.replicaSet, it.namespace),
      stable(),
    ]);
    const marks = [...everyPod, ...everySet].flatMap(({ metadata }) =>
      Object.keys(metadata?.labels ?? {}).filter((key) => key.startsWith('sluice.dev/')),
    );
    expect(marks).toEqual([]);
    expect(Object.keys(found.metadata?.labels ?? {})).toEqual(
      expect.not.arrayContaining(['sluice.dev/owner', 'sluice.dev/kept-template']),
    );
    const inspection = await it.workload.inspect(it.target, releaseNamed('v3'), newOwner(), 'adopt');
    expect(inspection).toMatchObject({ problems: [], leftovers: [], servingVersion: 'v2' });
  });

  test('gives the Deployment a ReplicaSet of its own: an ordinary change rolls as ever', async () => {
    const first = await podsOf(it, 'app=vllm');
    const image = { name: 'vllm', env: [{ name: 'ARM', value: 'by-hand' }] };
    const body = { spec: { template: { spec: { containers: [image] } } } };
    await it.api.patch(kinds.deployment, it.namespace, 'vllm', body, { type: 'strategic' });
    await waitForDeployment(it.config, it.namespace, 'vllm');
    const later = await podsOf(it, 'app=vllm');
    expect(later).toHaveLength(2);
    expect(later.filter(({ uid }) => first.some((pod) => pod.uid === uid))).toEqual([]);
  });

  test('works once more, with a release that was stable before: its old ReplicaSet is no obstacle', async () => {
    const history = await it.api.list(kinds.replicaSet, it.namespace);
    expect(history.map(({ metadata }) => metadata?.annotations?.['sluice.dev/version'])).toContain('v2');
    const ready = await readyToAdopt(it, releaseNamed('v2'));
    await adopt(it, ready);
    expect(await podsOf(it, 'app=vllm')).toEqual(ready.pods);
    expect(await leave(it, ready)).toEqual([]);
    expect((await it.workload.readiness(it.target)).stable).toMatchObject({ desired: 2, ready: 2 });
  });

  test('works with strategy Recreate: its old pods go when the adopted ones are there', async () => {
    const strategy = { type: 'Recreate', rollingUpdate: null };
    await it.api.patch(kinds.deployment, it.namespace, 'vllm', { spec: { strategy } }, { type: 'merge' });
    const ready = await readyToAdopt(it, releaseNamed('v3'));
    await adopt(it, ready);
    expect(await podsOf(it)).toEqual(ready.pods);
    expect(await leave(it, ready)).toEqual([]);
  });

  test('is refused when the canary is smaller than stable', async () => {
    const ready = await readyToAdopt(it, releaseNamed('v4'));
    await it.workload.scaleCanary(it.target, 1, ready.owner);
    await expect(adopt(it, ready)).rejects.toMatchObject({
      type: 'CanaryNotReady',
      message: expect.stringContaining('it has 1, stable has 2'),
    });
    await it.workload.undoStable(it.target, ready.owner);
    expect(await leave(it, ready)).toEqual([]);
  });

  test('has nothing to do when somebody gave stable the release already', async () => {
    const ready = await readyToAdopt(it, releaseNamed('v5'));
    const body = { spec: { template: ready.release.patch } };
    await it.api.patch(kinds.deployment, it.namespace, 'vllm', body, { type: 'strategic' });
    await adopt(it, ready);
    await waitForDeployment(it.config, it.namespace, 'vllm');
    expect((await stable()).metadata?.annotations).toMatchObject({ 'sluice.dev/version': 'v5' });
    expect(await leave(it, ready)).toEqual([]);
    expect(await podsOf(it)).toHaveLength(2);
    expect((await stable()).spec?.selector).toEqual(stableDeployment(it.namespace, 2).spec?.selector);
  });
});
