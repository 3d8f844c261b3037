import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { dieEverywhere, sleepingApi } from './apis.ts';
import { autoscaler, release, stableDeployment } from './objects.ts';
import { snapshot } from './snapshot.ts';
import { deployStable, newOwner, soon, workloadOn, type TestTarget } from './target.ts';

describe('stable on a real API server', () => {
  let it: TestTarget;
  let owner: { rolloutId: string };

  beforeAll(async () => {
    it = await deployStable('stable', 2);
  });
  afterAll(() => it.remove());
  beforeEach(async () => {
    await it.workload.restoreTarget(it.target, soon());
    await it.apply(autoscaler(it.namespace));
    owner = newOwner();
  });

  const scaler = () => it.api.read(kinds.horizontalPodAutoscaler, it.namespace, 'vllm');
  const stable = () => it.api.read(kinds.deployment, it.namespace, 'vllm');
  const secure = () => it.workload.secureStable(it.target, owner);
  const letGo = () => it.workload.releaseStable(it.target, owner);

  test('is secured: its autoscaler keeps what it has; let go: everything is what it was', async () => {
    const before = await snapshot(it.api, it.namespace);
    await Promise.all([secure(), secure()]);
    await secure();
    expect((await scaler()).spec).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
    expect((await stable()).spec?.replicas).toBe(2);
    expect(await Promise.all([letGo(), letGo()])).toEqual([[], []]);
    expect(await letGo()).toEqual([]);
    expect(await snapshot(it.api, it.namespace)).toEqual(before);
  });

  test('is secured and let go whole after a crash at any point', async () => {
    const secured = await dieEverywhere(it.api, {
      before: async () => {
        await it.workload.restoreTarget(it.target, soon());
        owner = newOwner();
      },
      work: (api) => workloadOn(api).secureStable(it.target, owner),
      check: async () => {
        expect((await scaler()).spec.minReplicas).toBe(2);
        expect((await stable()).metadata?.labels).toMatchObject({ 'sluice.dev/owner': owner.rolloutId });
      },
    });
    expect(secured).toBeGreaterThanOrEqual(5);
    const released = await dieEverywhere(it.api, {
      before: async () => {
        await it.workload.restoreTarget(it.target, soon());
        owner = newOwner();
        await secure();
      },
      work: async (api) => {
        await workloadOn(api).releaseStable(it.target, owner);
      },
      check: async () => {
        expect((await scaler()).spec.minReplicas).toBe(1);
        expect((await scaler()).metadata?.annotations?.['sluice.dev/before']).toBeUndefined();
        expect((await stable()).metadata?.labels?.['sluice.dev/owner']).toBeUndefined();
      },
    });
    expect(released).toBeGreaterThanOrEqual(5);
  });

  test('what somebody set on the autoscaler meanwhile stays, and is reported', async () => {
    await secure();
    await it.apply(autoscaler(it.namespace, { minReplicas: 3 }));
    expect(await letGo()).toEqual([
      expect.stringContaining('somebody set minReplicas to 3 during the rollout'),
    ]);
    expect((await scaler()).spec.minReplicas).toBe(3);
    expect((await scaler()).metadata?.annotations?.['sluice.dev/before']).toBeUndefined();
  });

  test('an autoscaler that is taken away or made anew meanwhile does no harm', async () => {
    await secure();
    await it.delete(autoscaler(it.namespace));
    await it.apply(autoscaler(it.namespace));
    await letGo();
    expect((await scaler()).spec.minReplicas).toBe(1);
  });

  test('is refused to a second rollout', async () => {
    await secure();
    await expect(it.workload.secureStable(it.target, newOwner())).rejects.toMatchObject({
      type: 'TargetTaken',
    });
    await it.workload.releaseStable(it.target, newOwner());
    expect((await scaler()).spec.minReplicas).toBe(2);
  });

  test('an attempt that slept through the end of its rollout takes its pin back', async () => {
    const { api, asleep, wakeUp } = sleepingApi(
      it.api,
      ({ method, kind }) => method === 'patch' && kind.kind === 'HorizontalPodAutoscaler',
    );
    const late = workloadOn(api).secureStable(it.target, owner);
    await asleep;
    await letGo();
    wakeUp();
    await expect(late).rejects.toMatchObject({ type: 'StaleWrite' });
    expect((await scaler()).spec.minReplicas).toBe(1);
  });

  describe('gets the release', () => {
    const update = () => it.workload.updateStable(it.target, release, owner);

    beforeEach(async () => {
      await it.api.replace(kinds.deployment, it.namespace, stableDeployment(it.namespace, 2));
      await secure();
      await it.workload.createCanary(it.target, release, 0, owner);
    });

    test('once, with its version; a second call writes nothing', async () => {
      await Promise.all([update(), update()]);
      const first = await stable();
      expect(first.spec?.template.metadata?.annotations).toMatchObject({ example: 'v2' });
      expect(first.metadata?.annotations).toMatchObject({ 'sluice.dev/version': 'v2' });
      expect(first.spec?.replicas).toBe(2);
      await update();
      expect((await stable()).metadata?.generation).toBe(first.metadata?.generation);
    });

    test('not when somebody changed stable meanwhile: that is not what the canary has proven', async () => {
      const body = { spec: { template: { spec: { priorityClassName: 'system-cluster-critical' } } } };
      await it.api.patch(kinds.deployment, it.namespace, 'vllm', body, { type: 'strategic' });
      await expect(update()).rejects.toMatchObject({ type: 'ForeignChange' });
      expect((await stable()).spec?.template.metadata?.annotations).not.toHaveProperty('example');
    });

    test('not when somebody changed the canary meanwhile', async () => {
      const body = {
        spec: { template: { spec: { containers: [{ name: 'vllm', image: 'example/other:1' }] } } },
      };
      await it.api.patch(kinds.deployment, it.namespace, 'vllm-canary', body, { type: 'strategic' });
      await expect(update()).rejects.toMatchObject({ type: 'ForeignChange' });
    });

    test('when its pods were only restarted', async () => {
      const metadata = { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' } };
      await it.api.patch(
        kinds.deployment,
        it.namespace,
        'vllm',
        { spec: { template: { metadata } } },
        { type: 'merge' },
      );
      await update();
      expect((await stable()).metadata?.annotations).toMatchObject({ 'sluice.dev/version': 'v2' });
    });

    test('not by an attempt that comes after the end of its rollout', async () => {
      await it.workload.removeCanary(it.target, owner, soon());
      await expect(update()).rejects.toMatchObject({ type: 'StaleWrite' });
      expect((await stable()).spec?.template.metadata?.annotations).not.toHaveProperty('example');
    });
  });
});
