import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { V1EndpointSlice, V1ReplicaSet } from '@kubernetes/client-node';
import { waitFor, waitForDeployment } from '../../../dev/cluster/wait.ts';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { adopt, leave, podsOf, readyToAdopt, releaseNamed, type ReadyToAdopt } from './adoption.ts';
import { Died, dyingAtWrite, sleepingApi, type Call } from './apis.ts';
import { autoscaler } from './objects.ts';
import { uncountedSnapshot } from './snapshot.ts';
import { deployStable, workloadOn, type TestTarget } from './target.ts';

jest.setTimeout(600_000);

/** More than an adoption of two pods needs. */
const enough = 30;

describe('an adoption that is aborted', () => {
  let it: TestTarget;
  let before: Record<string, unknown>;
  let firstSet: string | undefined;

  beforeAll(async () => {
    it = await deployStable('aborted', 2);
    await it.apply(autoscaler(it.namespace));
    firstSet = (await it.api.list(kinds.replicaSet, it.namespace))[0]?.metadata?.name;
  });
  afterAll(() => it.remove());
  beforeEach(async () => {
    before = await quiet();
  });

  test('after any of its writes leaves the namespace as it was', async () => {
    let untouched = 0;
    let last = 1;
    for (; last < enough; last += 1) {
      const stable = await podsOf(it, 'app=vllm');
      const dying = dyingAtWrite(it.api, last);
      const ready = await begin(`v${last}`, dying.api);
      const claimed = (await setsOf(ready)).some(({ metadata }) => metadata?.labels?.['app'] === 'vllm');
      await it.workload.undoStable(it.target, ready.owner);
      expect(await leave(it, ready)).toEqual([]);
      const now = await quiet();
      expect(
        (await it.api.list(kinds.replicaSet, it.namespace)).map(({ metadata }) => metadata?.name),
      ).toEqual([firstSet]);
      if (!claimed) {
        untouched += 1;
        expect({ last, pods: await podsOf(it) }).toEqual({ last, pods: stable });
        expect(now).toEqual(before);
      } else {
        // Its old pods may have gone: others of the same template have come.
        expect({ last, now: withoutPods(now) }).toEqual({ last, now: withoutPods(before) });
        expect(await podsOf(it)).toHaveLength(2);
      }
      if (!dying.died()) break;
    }
    // Service, stable, Deployment, ReplicaSet, the new one and its gate, two pods: until then stable is whole.
    expect(untouched).toBeGreaterThanOrEqual(8);
    expect(last).toBeLessThan(enough);
  });

  test('just before its last step lets go of pods that are in stable’s Service already, and stops none', async () => {
    const stable = await podsOf(it, 'app=vllm');
    const ready = await begin('v1', dyingAtWrite(it.api, 2, toPods).api);
    expect(await podsOf(it, 'app=vllm')).toHaveLength(4);
    await it.workload.undoStable(it.target, ready.owner);
    expect(await podsOf(it, 'app=vllm')).toEqual(stable);
    expect(await podsOf(it, 'sluice.dev/arm=canary')).toEqual(ready.pods);
    expect((await it.workload.canaryPods(it.target)).map(({ name }) => name).sort()).toEqual(
      ready.pods.map(({ name }) => name),
    );
    expect(await leave(it, ready)).toEqual([]);
  });

  test('comes to the same when the way back is killed too, after any of its writes', async () => {
    for (let last = 1; last < enough; last += 1) {
      const ready = await begin(`w${last}`, dyingAtWrite(it.api, 1, toPods).api);
      const dying = dyingAtWrite(it.api, last);
      await goBack(ready, dying.api).catch(expectDeath);
      await goBack(ready, it.api);
      expect(await quiet()).toEqual(before);
      if (!dying.died()) return;
    }
    throw new Error(`the way back needs more than ${enough} writes`);
  });

  test('by an attempt that slept through the way back: it makes no ReplicaSet that stays', async () => {
    const ready = await readyToAdopt(it, releaseNamed('late-set'));
    const { api, asleep, wakeUp } = sleepingApi(
      it.api,
      ({ kind, method }) => kind.kind === 'ReplicaSet' && method === 'create',
    );
    const late = adopt(it, ready, workloadOn(api));
    await Promise.race([asleep, late]);
    await goBack(ready, it.api);
    wakeUp();
    await expect(late).rejects.toMatchObject({ type: 'StaleWrite' });
    expect(await quiet()).toEqual(before);
  });

  test('by an attempt that slept through the undoing: no pod stays in stable’s Service', async () => {
    const stable = await podsOf(it, 'app=vllm');
    const ready = await readyToAdopt(it, releaseNamed('late-pods'));
    const { api, asleep, wakeUp } = sleepingApi(it.api, toPods);
    const late = adopt(it, ready, workloadOn(api));
    await Promise.race([asleep, late]);
    await it.workload.undoStable(it.target, ready.owner);
    wakeUp();
    await expect(late).rejects.toMatchObject({ type: 'StaleWrite' });
    expect(await podsOf(it, 'app=vllm')).toEqual(stable);
    expect(await leave(it, ready)).toEqual([]);
    expect(await quiet()).toEqual(before);
  });

  test('is cleared away by restoreTarget, from what is on the objects alone', async () => {
    const { owner } = await begin('v1', dyingAtWrite(it.api, 1, toPods).api);
    expect(await it.workload.restoreTarget(it.target, AbortSignal.timeout(120_000))).toEqual([
      owner.rolloutId,
    ]);
    expect(await quiet()).toEqual(before);
  });

  async function begin(version: string, api: TestTarget['api']): Promise<ReadyToAdopt> {
    const ready = await readyToAdopt(it, releaseNamed(version));
    await adopt(it, ready, workloadOn(api)).catch(expectDeath);
    return ready;
  }

  async function goBack(ready: ReadyToAdopt, api: TestTarget['api']): Promise<void> {
    const workload = workloadOn(api);
    await workload.undoStable(it.target, ready.owner);
    await leave({ ...it, workload }, ready);
  }

  function setsOf({ owner }: ReadyToAdopt): Promise<V1ReplicaSet[]> {
    const labelSelector = `sluice.dev/rollout-id=${owner.rolloutId}`;
    return it.api.list(kinds.replicaSet, it.namespace, { labelSelector });
  }

  /** The namespace, once stable has its two pods and no others, and the endpoints say so. */
  async function quiet(): Promise<Record<string, unknown>> {
    await waitForDeployment(it.config, it.namespace, 'vllm');
    let last = '';
    const look = async () => {
      const all = await uncountedSnapshot(it.api, it.namespace);
      const names = Object.keys(all);
      const pods = names.filter((name) => name.startsWith('Pod/'));
      const slices = names.filter((name) => name.startsWith('EndpointSlice/'));
      const { endpoints } = (all[slices[0] ?? ''] ?? {}) as V1EndpointSlice;
      last = JSON.stringify({ pods, slices, endpoints });
      const staying = (endpoints ?? []).filter(({ conditions }) => conditions?.terminating === false);
      const alone = [pods, endpoints ?? [], staying].every(({ length }) => length === 2);
      return alone && slices.length === 1 ? all : undefined;
    };
    return waitFor('stable to be alone', look, { seen: () => last });
  }
});

/** In an adoption: gives a pod stable's labels. */
function toPods({ kind, writes }: Call): boolean {
  return writes && kind.kind === 'Pod';
}

function expectDeath(error: unknown): void {
  if (!(error instanceof Died)) throw error;
}

function withoutPods(all: Record<string, unknown>): Record<string, unknown> {
  const others = Object.entries(all).filter(([name]) => !/^(Pod|EndpointSlice)\//.test(name));
  return Object.fromEntries(others);
}
