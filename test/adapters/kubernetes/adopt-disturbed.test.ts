import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitForDeployment } from '../../../dev/cluster/wait.ts';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { PortFault } from '../../../src/ports/faults.ts';
import { adopt, leave, podsOf, readyToAdopt, releaseNamed, type ReadyToAdopt } from './adoption.ts';
import { Died, dyingAtWrite, type Call } from './apis.ts';
import { deployStable, newOwner, workloadOn, type TestTarget } from './target.ts';

describe('an adoption that is disturbed', () => {
  let it: TestTarget;

  beforeAll(async () => {
    it = await deployStable('disturbed', 2);
  });
  afterAll(() => it.remove());

  const stable = () => it.api.read(kinds.deployment, it.namespace, 'vllm');
  const change = (spec: object) =>
    it.api.patch(kinds.deployment, it.namespace, 'vllm', { spec }, { type: 'strategic' });

  /** Stops an adoption when its first write to a kind is done. */
  async function stopAt(
    version: string,
    kind: 'ReplicaSet' | 'Deployment',
    write = 1,
  ): Promise<ReadyToAdopt> {
    const ready = await readyToAdopt(it, releaseNamed(version));
    const dying = dyingAtWrite(it.api, write, (call: Call) => call.kind.kind === kind);
    await expect(adopt(it, ready, workloadOn(dying.api))).rejects.toThrow(Died);
    return ready;
  }

  test('by a second attempt beside the first ends as an undisturbed one', async () => {
    const ready = await readyToAdopt(it, releaseNamed('v2'));
    const finish = () => untilAvailable(() => adopt(it, ready));
    await Promise.all([finish(), finish()]);
    expect(await podsOf(it)).toEqual(ready.pods);
    expect(await leave(it, ready)).toEqual([]);
  });

  test('by the end of a pod that nobody has just then starts another one', async () => {
    const ready = await stopAt('v3', 'ReplicaSet');
    const [ending, staying] = ready.pods;
    await it.api.delete(kinds.pod, it.namespace, ending?.name ?? '');
    await adopt(it, ready);
    const pods = await podsOf(it);
    expect(pods).toHaveLength(2);
    expect(pods).toContainEqual(staying);
    expect(await leave(it, ready)).toEqual([]);
    expect((await it.workload.inspect(it.target, releaseNamed('v4'), newOwner())).leftovers).toEqual([]);
  });

  test('by somebody who removes all the canary’s pods is refused, and starts none', async () => {
    const first = await podsOf(it);
    const ready = await stopAt('v3b', 'ReplicaSet');
    for (const { name } of ready.pods) await it.api.delete(kinds.pod, it.namespace, name);
    await expect(adopt(it, ready)).rejects.toMatchObject({
      type: 'ForeignChange',
      message: expect.stringContaining('are gone: somebody removed them'),
    });
    await it.workload.undoStable(it.target, ready.owner);
    expect(await leave(it, ready)).toEqual([]);
    expect(await podsOf(it)).toEqual(first);
  });

  test('by somebody who scales stable ends with as many pods as are wanted', async () => {
    const ready = await stopAt('v4', 'ReplicaSet', 2);
    await change({ replicas: 3 });
    await adopt(it, ready);
    const pods = await podsOf(it);
    expect(pods).toHaveLength(3);
    expect(pods).toEqual(expect.arrayContaining([...ready.pods]));
    expect(await leave(it, ready)).toEqual([]);
    await change({ replicas: 2 });
    await waitForDeployment(it.config, it.namespace, 'vllm');
  });

  test('by somebody who ends the pause is refused before a pod is touched', async () => {
    const ready = await stopAt('v5', 'Deployment');
    await change({ paused: null });
    await expect(adopt(it, ready)).rejects.toMatchObject({
      type: 'ForeignChange',
      message: expect.stringContaining('somebody ended its pause'),
    });
    expect(await it.workload.foreignChanges(it.target, ready.owner)).toEqual([]);
    expect(await podsOf(it, 'sluice.dev/arm=canary')).toEqual(ready.pods);
    await it.workload.undoStable(it.target, ready.owner);
    expect(await leave(it, ready)).toEqual([]);
    await waitForDeployment(it.config, it.namespace, 'vllm');
  });

  test('by somebody who changes the template is refused, seen, and leaves their template', async () => {
    const ready = await stopAt('v6', 'ReplicaSet', 2);
    await change({
      template: { spec: { schedulerName: 'default-scheduler', hostNetwork: false, subdomain: 'a' } },
    });
    const theirs = (await stable()).spec?.template;
    await expect(adopt(it, ready)).rejects.toMatchObject({
      type: 'ForeignChange',
      message: expect.stringContaining('somebody changed its pod template'),
    });
    expect(await it.workload.foreignChanges(it.target, ready.owner)).toEqual([
      `Deployment ${it.namespace}/vllm: somebody changed its pod template`,
    ]);
    await it.workload.undoStable(it.target, ready.owner);
    expect(await leave(it, ready)).toEqual([
      expect.stringContaining('somebody had set another pod template'),
    ]);
    await waitForDeployment(it.config, it.namespace, 'vllm');
    const { spec } = await stable();
    expect(spec?.template).toEqual(theirs);
    expect(spec?.paused).toBeUndefined();
  });
});

/** As Temporal runs an activity: again when it lost five races in a row. */
async function untilAvailable(attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (!(error instanceof PortFault && error.type === 'Unavailable')) throw error;
    }
  }
}
