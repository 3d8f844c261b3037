import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { decideAgainOnConflict } from '../../../src/adapters/kubernetes/conflicts.ts';
import type { Release } from '../../../src/domain/plan/plan.ts';
import { Died, dyingAtWrite, sleepingApi } from './apis.ts';
import { stableDeployment, stableService } from './objects.ts';
import { deployStable, newOwner, soon, workloadOn, type TestTarget } from './target.ts';

/** Adds fields that stable does not have, beside changing some that it has. */
const release: Release = {
  version: 'v2',
  patch: {
    metadata: { annotations: { example: 'v2' }, labels: { added: 'yes' } },
    spec: {
      priorityClassName: 'system-cluster-critical',
      containers: [
        { name: 'vllm', args: ['--new'], env: [{ name: 'ADDED', value: 'yes' }] },
        { name: 'helper', image: 'localhost/sluice/helper:1' },
      ],
    },
  },
};

describe('undoing an update of stable', () => {
  let it: TestTarget;
  let owner: { rolloutId: string };

  beforeAll(async () => {
    // Objects are enough: no pods.
    it = await deployStable('undo', 0);
  });
  afterAll(() => it.remove());
  beforeEach(async () => {
    await it.workload.restoreTarget(it.target, soon());
    await it.api.replace(kinds.deployment, it.namespace, stableDeployment(it.namespace, 0));
    owner = newOwner();
    await it.workload.secureStable(it.target, owner);
    await it.workload.createCanary(it.target, release, 0, owner);
  });

  const stable = () => it.api.read(kinds.deployment, it.namespace, 'vllm');
  const update = (workload = it.workload) => workload.updateStable(it.target, release, owner);
  const undo = (workload = it.workload) => workload.undoStable(it.target, owner);
  const change = (body: object) =>
    it.api.patch(kinds.deployment, it.namespace, 'vllm', body, { type: 'strategic' });
  const leave = async () => {
    await it.workload.removeCanary(it.target, owner, soon());
    return it.workload.releaseStable(it.target, owner);
  };

  test('puts the whole template back, without what the release added, after two updates too', async () => {
    const before = await stable();
    await Promise.all([update(), update()]);
    await update();
    expect((await stable()).spec?.template.spec?.containers).toHaveLength(2);
    await undo();
    const after = await stable();
    expect(after.spec).toEqual(before.spec);
    expect(after.metadata?.annotations).not.toHaveProperty('sluice.dev/version');
    await undo();
    expect((await stable()).metadata?.generation).toBe(after.metadata?.generation);
    expect(await leave()).toEqual([]);
  });

  test('puts the version back that an earlier rollout has set', async () => {
    await change({ metadata: { annotations: { 'sluice.dev/version': 'v1' } } });
    await update();
    await undo();
    expect((await stable()).metadata?.annotations).toMatchObject({ 'sluice.dev/version': 'v1' });
  });

  test('does nothing when there was no update, and none can come afterwards', async () => {
    const before = await stable();
    await undo();
    expect((await stable()).spec).toEqual(before.spec);
    await expect(update()).rejects.toMatchObject({ type: 'StaleWrite' });
    expect((await stable()).spec).toEqual(before.spec);
    expect(await leave()).toEqual([]);
  });

  test('an update that slept through it gives stable nothing', async () => {
    const before = await stable();
    const { api, asleep, wakeUp } = sleepingApi(
      it.api,
      ({ kind, writes }) => writes && kind.kind === 'Deployment',
    );
    const late = update(workloadOn(api));
    await asleep;
    await undo();
    wakeUp();
    await expect(late).rejects.toMatchObject({ type: 'StaleWrite' });
    expect((await stable()).spec).toEqual(before.spec);
  });

  test('comes to the same when update and undoing are killed after any of their writes', async () => {
    const before = await stable();
    for (let last = 1; ; last += 1) {
      const dying = dyingAtWrite(it.api, last);
      const rollout = async () => {
        await update(workloadOn(dying.api));
        await undo(workloadOn(dying.api));
      };
      await rollout().catch(expectDeath);
      await undo();
      expect({ last, spec: (await stable()).spec }).toEqual({ last, spec: before.spec });
      expect(await leave()).toEqual([]);
      if (!dying.died()) break;
      expect(last).toBeLessThan(20);
      owner = newOwner();
      await it.workload.secureStable(it.target, owner);
      await it.workload.createCanary(it.target, release, 0, owner);
    }
  });

  test('leaves a template that somebody has set since, and says so once', async () => {
    await update();
    await change({ spec: { template: { spec: { schedulerName: 'another' } } } });
    const theirs = await stable();
    await undo();
    await undo();
    expect((await stable()).spec).toEqual(theirs.spec);
    expect(await leave()).toEqual([
      expect.stringMatching(
        /^Deployment .*\/vllm: somebody had set another pod template after it got the release; it stays as it is/,
      ),
    ]);
    expect(Object.keys((await stable()).metadata?.labels ?? {})).not.toContain('sluice.dev/kept-template');
    expect(await it.workload.releaseStable(it.target, owner)).toEqual([]);
  });

  test('takes pods that were only restarted since for what they are', async () => {
    const before = await stable();
    await update();
    const metadata = { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' } };
    await change({ spec: { template: { metadata } } });
    await undo();
    expect((await stable()).spec).toEqual(before.spec);
  });

  test('leaves stable to somebody who has put it back before', async () => {
    const before = await stable();
    await update();
    // Its controller writes too.
    await decideAgainOnConflict(async () => {
      const { resourceVersion = '' } = (await stable()).metadata ?? {};
      const metadata = { ...before.metadata, resourceVersion };
      await it.api.replace(kinds.deployment, it.namespace, { ...before, metadata });
    });
    await undo();
    expect((await stable()).spec).toEqual(before.spec);
    expect(await leave()).toEqual([]);
  });

  test('leaves stable to the rollout that has it by now', async () => {
    await update();
    const theirs = await change({ metadata: { labels: { 'sluice.dev/owner': 'a-later-one' } } });
    await undo();
    expect((await stable()).spec).toEqual(theirs.spec);
  });

  test('without a note that can be read changes nothing, and says so', async () => {
    await update();
    const theirs = await stable();
    const metadata = { annotations: { 'sluice.dev/before': '{}' } };
    await it.api.patch(kinds.service, it.namespace, 'vllm-canary', { metadata }, { type: 'merge' });
    await undo();
    expect((await stable()).spec).toEqual(theirs.spec);
    expect(await leave()).toEqual([
      expect.stringContaining('somebody had changed the note about its pod template'),
    ]);
  });

  test('an update is refused when the Service that is to carry the note is gone', async () => {
    const before = await stable();
    await it.delete({
      ...stableService(it.namespace),
      metadata: { name: 'vllm-canary', namespace: it.namespace },
    });
    await expect(update()).rejects.toMatchObject({ type: 'ForeignChange' });
    expect((await stable()).spec).toEqual(before.spec);
  });
});

function expectDeath(error: unknown): void {
  if (!(error instanceof Died)) throw error;
}
