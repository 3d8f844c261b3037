import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '../../../../dev/cluster/wait.ts';
import { JudgeJobs } from '../../../../src/adapters/kubernetes/judge/judge-jobs.ts';
import { kinds } from '../../../../src/adapters/kubernetes-api/kinds.ts';
import type { JudgedPlan } from '../../../../src/domain/judge/config-of.ts';
import { failureTypes } from '../../../../src/domain/failures.ts';
import { judgeJobName } from '../../../../src/domain/rollout/naming.ts';
import { PortFault } from '../../../../src/ports/faults.ts';
import type { JudgeTry } from '../../../../src/ports/judge-jobs.ts';
import type { Owner } from '../../../../src/ports/workload.ts';
import { dieEverywhere, sleepingApi, wrapped } from '../apis.ts';
import { stableService } from '../objects.ts';
import { deployStable, newOwner, soon, type TestTarget } from '../target.ts';
import { beginRollout, first, planFor, remains, untilGone, untilState } from './judged.ts';

describe('judge’s Jobs on a real API server', () => {
  let it: TestTarget;
  let plan: JudgedPlan;
  let jobs: JudgeJobs;
  let owner: Owner;

  beforeAll(async () => {
    it = await deployStable('judge', 0);
    // No node has it: there is no pod to wait for.
    plan = planFor(it, { resources: { cpu: '900', memory: '128Mi' } });
    jobs = new JudgeJobs(it.api);
  });
  afterAll(() => it.remove());
  beforeEach(async () => {
    owner = await beginRollout(it);
  });

  const nameOf = (which: JudgeTry = first) => judgeJobName(it.target, owner.rolloutId, which);
  const job = (which: JudgeTry = first) => it.api.find(kinds.job, it.namespace, nameOf(which));
  const policy = () => it.api.find(kinds.networkPolicy, it.namespace, nameOf());
  const start = (which: JudgeTry = first) => jobs.start(plan, which, owner);

  test('are made with their NetworkPolicy, and go with the canary’s Service', async () => {
    await start();
    const service = await it.api.read(kinds.service, it.namespace, 'vllm-canary');
    const owners = [{ apiVersion: 'v1', kind: 'Service', name: 'vllm-canary', uid: service.metadata?.uid }];
    expect((await job())?.metadata?.ownerReferences).toEqual(owners);
    expect((await policy())?.metadata?.ownerReferences).toEqual(owners);
    await it.workload.removeCanary(it.target, owner, soon());
    await untilGone('all of the rollout', () => remains(it, owner));
  });

  test('have what their objects are built with: the API server drops nothing', async () => {
    const everything = planFor(it, {
      prompts: { configMap: { name: 'prompts', key: 'prompts.jsonl' } },
      transcripts: { claim: 'kept', keepMs: 1000 },
      endpoint: {
        url: 'https://192.0.2.7',
        model: 'judge-1',
        apiKey: { secret: 'judge-key', key: 'token' },
      },
    });
    const sent = new Map<string, unknown>();
    const noting = new JudgeJobs({
      ...it.api,
      create: (kind, namespace, object, options) => {
        sent.set(kind.kind, object);
        return it.api.create(kind, namespace, object, options);
      },
    });
    await noting.start(everything, first, owner);
    expect(await job()).toMatchObject(sent.get('Job') as object);
    // Empty lists are left out by the server: none is as none.
    const { spec } = sent.get('NetworkPolicy') as { spec: { ingress: unknown } };
    const { ingress, ...rest } = spec;
    expect(ingress).toEqual([]);
    expect((await policy())?.spec).toMatchObject(rest);
    expect((await policy())?.spec?.ingress).toBeUndefined();
  });

  test('may ask the arms from their making until they are gone', async () => {
    const asks = () => jobs.areAsking(plan, owner);
    expect(await asks()).toBe(false);
    await start();
    expect(await asks()).toBe(true);
    expect(await jobs.areAsking(plan, newOwner())).toBe(false);
    await jobs.remove(plan, null, owner);
    await waitFor('no Job to ask', async () => ((await asks()) ? undefined : true));
  });

  test('are made once by two attempts at once, and by a later one', async () => {
    await Promise.all([start(), start()]);
    const uid = (await job())?.metadata?.uid;
    expect(uid).toBeDefined();
    await start();
    expect((await job())?.metadata?.uid).toBe(uid);
    await Promise.all([jobs.remove(plan, null, owner), jobs.remove(plan, null, owner)]);
    expect(await remains(it, owner)).toEqual([]);
  });

  test('are completed after a crash at any point', async () => {
    const deaths = await dieEverywhere(it.api, {
      before: async () => {
        owner = await beginRollout(it);
      },
      work: (api) => new JudgeJobs(api).start(plan, first, owner),
      check: async () => {
        expect(await remains(it, owner)).toEqual([`Job ${nameOf()}`, `NetworkPolicy ${nameOf()}`]);
      },
    });
    expect(deaths).toBeGreaterThanOrEqual(8);
  });

  test('are removed after a crash at any point', async () => {
    const deaths = await dieEverywhere(it.api, {
      before: async () => {
        await start();
        await start({ phase: 0, attempt: 2 });
      },
      work: (api) => new JudgeJobs(api).remove(plan, null, owner),
      check: async () => {
        expect(await remains(it, owner)).toEqual([]);
      },
    });
    expect(deaths).toBeGreaterThanOrEqual(4);
  });

  test.each([
    ['nobody', {}, 'no rollout made it'],
    ['another rollout', { 'sluice.dev/rollout-id': 'other' }, 'rollout other made it'],
  ])('of that name by %s are refused, by looks too, and left alone', async (_, labels, why) => {
    const foreign = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: nameOf(), namespace: it.namespace, labels },
      spec: {
        suspend: true,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } },
      },
    };
    await it.apply(foreign);
    const refused = { type: 'Refused', message: expect.stringContaining(why) };
    await expect(start()).rejects.toMatchObject(refused);
    await expect(jobs.look(plan, first, owner)).rejects.toMatchObject(refused);
    await jobs.remove(plan, null, owner);
    await expect(job()).resolves.not.toBeNull();
    await it.delete(foreign);
  });

  test('a NetworkPolicy of that name by somebody else is refused before there is a Job', async () => {
    const foreign = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: nameOf(), namespace: it.namespace },
      spec: { podSelector: { matchLabels: { nobody: 'here' } } },
    };
    await it.apply(foreign);
    await expect(start()).rejects.toMatchObject({ type: 'Refused' });
    expect(await job()).toBeNull();
    await it.delete(foreign);
  });

  test('that nobody has made, or that somebody has removed, are absent; a start makes them again', async () => {
    expect(await jobs.look(plan, first, owner)).toEqual({ kind: 'absent' });
    await start();
    await jobs.remove(plan, null, owner);
    expect(await jobs.look(plan, first, owner)).toEqual({ kind: 'absent' });
    await start();
    expect(await job()).not.toBeNull();
  });

  test('that no node has room for go on, and say so', async () => {
    await start();
    const judging = { it, owner, plan, jobs };
    await untilState(judging, (state) => state.kind === 'running' && state.what.includes('Unschedulable'));
  });

  test('of an older try are removed when a later one begins, and refused from then on', async () => {
    await start();
    await start({ phase: 0, attempt: 2 });
    expect(await job()).toBeNull();
    await expect(start()).rejects.toMatchObject({ type: 'StaleWrite' });
    await start({ phase: 1, attempt: 1 });
    expect((await remains(it, owner)).filter((name) => name.startsWith('Job'))).toEqual([
      `Job ${nameOf({ phase: 1, attempt: 1 })}`,
    ]);
  });

  test('are not begun once the rollout has ended here', async () => {
    await it.workload.removeCanary(it.target, owner, soon());
    await expect(start()).rejects.toMatchObject({ type: 'StaleWrite' });
    expect(await remains(it, owner)).toEqual([]);
  });

  test('of a start that slept through the rollout’s end are gone when it wakes', async () => {
    const { api, asleep, wakeUp } = sleepingApi(it.api, ({ method, kind }) => {
      return method === 'create' && kind.kind === 'Job';
    });
    const late = new JudgeJobs(api).start(plan, first, owner);
    await asleep;
    await jobs.remove(plan, null, owner);
    await it.workload.removeCanary(it.target, owner, soon());
    wakeUp();
    await expect(late).rejects.toMatchObject({ type: 'StaleWrite' });
    expect(await remains(it, owner)).toEqual([]);
  });

  test('need the canary’s Service: without it there is nobody to judge', async () => {
    await it.delete({
      ...stableService(it.namespace),
      metadata: { name: 'vllm-canary', namespace: it.namespace },
    });
    await expect(start()).rejects.toMatchObject({
      type: 'ForeignChange',
      message: expect.stringContaining('there is nobody to judge'),
    });
  });

  test('are begun again after an answer that never came', async () => {
    const deaf = wrapped(it.api, async ({ method, kind }, run) => {
      await run();
      if (method === 'create' && kind.kind === 'Job')
        throw new PortFault(failureTypes.Unavailable, 'no answer');
      return run();
    });
    await expect(new JudgeJobs(deaf).start(plan, first, owner)).rejects.toMatchObject({
      type: 'Unavailable',
    });
    const uid = (await job())?.metadata?.uid;
    await start();
    expect((await job())?.metadata?.uid).toBe(uid);
  });

  test('are only this rollout’s to remove', async () => {
    await start();
    await jobs.remove(plan, null, newOwner());
    expect(await job()).not.toBeNull();
  });

  describe('preflight', () => {
    test('finds nothing wrong with a plan that is right, and makes nothing', async () => {
      expect(await jobs.inspect(plan)).toEqual([]);
      const all = await it.api.list(kinds.job, it.namespace);
      expect(
        all.filter(({ metadata }) => metadata?.labels?.['sluice.dev/rollout-id'] === 'preflight'),
      ).toEqual([]);
    });

    test('hears what the API server says of quantities and names', async () => {
      const [problem, ...more] = await jobs.inspect(
        planFor(it, {
          resources: { cpu: '250m', memory: '-1Mi' },
          transcripts: { claim: 'Not_A_Claim', keepMs: 1 },
        }),
      );
      expect(more).toEqual([]);
      expect(problem).toMatch(/^the judge's Job is refused by the API server: .*resources/);
      expect(problem).toContain('-1Mi');
    });

    test('asks nothing of a plan without a judge, nor does the clearing away', async () => {
      const mute = wrapped(it.api, ({ method }) => Promise.reject(new Error(`${method} was called`)));
      const quiet = new JudgeJobs(mute);
      expect(await quiet.inspect({ ...plan, judge: null })).toEqual([]);
      await quiet.remove({ ...plan, judge: null }, null, owner);
    });
  });
});
