import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CoreV1Api, type V1Job, type V1JobSpec } from '@kubernetes/client-node';
import { waitFor } from '../../../../dev/cluster/wait.ts';
import type { KubernetesApi } from '../../../../src/adapters/kubernetes-api/api.ts';
import { kinds } from '../../../../src/adapters/kubernetes-api/kinds.ts';
import { judgeConfig } from '../../../../src/domain/judge/config-of.ts';
import type { JudgePlan } from '../../../../src/domain/plan/judge-plan.ts';
import { judgeJobName } from '../../../../src/domain/rollout/naming.ts';
import type { JudgeJobState } from '../../../../src/ports/judge-jobs.ts';
import type { Owner } from '../../../../src/ports/workload.ts';
import { deployStable, type TestTarget } from '../target.ts';
import {
  beginRollout,
  first,
  judgingBy,
  planFor,
  podsOfTry,
  remains,
  untilGone,
  untilState,
  type Judging,
} from './judged.ts';

const answer = { version: 1, pairs: { wins: 3, losses: 2, ties: 1 } } as const;
const says = (text: string) =>
  `import { writeFileSync } from 'node:fs'; writeFileSync('/dev/termination-log', ${JSON.stringify(text)});`;
const finalizers = ['example.org/looked-at'];
const forever = `setInterval(() => undefined, 1000);`;
/** The pod tells of itself by the one way out that it has. */
const tellsOfItself = `
  import { existsSync, readFileSync, writeFileSync } from 'node:fs';
  const attempt = (work) => { try { return work(); } catch ({ code }) { return code; } };
  const { SLUICE_JUDGE_RUN: run, SLUICE_JUDGE_CONFIG: config, SLUICE_JUDGE_API_KEY: key } = process.env;
  const tells = {
    run, config, key, user: process.getuid(),
    prompts: attempt(() => readFileSync('/prompts/prompts.jsonl', 'utf8')),
    writesPrompts: attempt(() => writeFileSync('/prompts/prompts.jsonl', '')),
    writesRoot: attempt(() => writeFileSync('/app/x', '')),
    token: existsSync('/var/run/secrets/kubernetes.io'),
    services: Object.keys(process.env).filter((name) => name.startsWith('VLLM')),
  };
  console.log(JSON.stringify(tells));
  writeFileSync('/dev/termination-log', '${JSON.stringify(answer)}');
`;

/** As a mesh's admission webhook does. */
function putBeside(job: V1Job, script: string): void {
  const spec = job.spec?.template.spec;
  const [judge] = spec?.containers ?? [];
  const command = ['node', '--eval', script];
  if (judge !== undefined) spec?.containers.push({ name: 'proxy', image: judge.image ?? '', command });
}

describe('judge’s Jobs with real pods', () => {
  let it: TestTarget;
  let owner: Owner;
  const begun: Judging[] = [];

  beforeAll(async () => {
    it = await deployStable('judging', 0);
  });
  afterAll(() => it.remove());
  beforeEach(async () => {
    owner = await beginRollout(it);
  });
  afterEach(async () => {
    for (const { jobs, plan, owner: whose } of begun.splice(0)) await jobs.remove(plan, null, whose);
  });

  async function begin(
    script: string,
    changes: Partial<JudgePlan> = {},
    spec: Partial<V1JobSpec> = {},
  ): Promise<Judging> {
    const judging = { it, owner, plan: planFor(it, changes), jobs: judgingBy(it.api, script, spec) };
    begun.push(judging);
    await judging.jobs.start(judging.plan, first, owner);
    return judging;
  }

  const isOver = ({ kind }: JudgeJobState) => kind !== 'running';
  const isRunning = (state: JudgeJobState) => state.kind === 'running' && state.what === 'pod is running';
  const endOf = async (judging: Judging) => untilState(judging, isOver);
  const failed = (why: unknown) => ({ kind: 'failed', why });

  test('answer', async () => {
    const judging = await begin(says(JSON.stringify(answer)));
    expect(await endOf(judging)).toEqual({ kind: 'answered', answer });
    // And again, when Kubernetes too has seen it.
    const name = judgeJobName(judging.plan.target, owner.rolloutId, first);
    await waitFor('the Job to be complete', async () => {
      const job = await it.api.find(kinds.job, it.namespace, name);
      return job?.status?.conditions?.find(({ type }) => type === 'Complete');
    });
    expect(await endOf(judging)).toEqual({ kind: 'answered', answer });
  });

  test('ask no more when they have answered, though a container that a mesh put beside them goes on', async () => {
    const meshed: KubernetesApi = {
      ...it.api,
      create: (kind, namespace, object, options) => {
        const copy = structuredClone(object);
        if (kind.kind === 'Job') putBeside(copy, forever);
        return it.api.create(kind, namespace, copy, options);
      },
    };
    const judging = { it, owner, plan: planFor(it), jobs: judgingBy(meshed, says(JSON.stringify(answer))) };
    begun.push(judging);
    await judging.jobs.start(judging.plan, first, owner);
    expect(await judging.jobs.areAsking(judging.plan, owner)).toBe(true);
    expect(await endOf(judging)).toEqual({ kind: 'answered', answer });
    expect(await judging.jobs.areAsking(judging.plan, owner)).toBe(false);
    const [pod] = await podsOfTry(judging);
    expect(pod?.status?.phase).toBe('Running');
  });

  test('find their order as it was written, their prompts and key, and may do nothing else', async () => {
    await it.apply(
      { ...named('ConfigMap', 'prompts'), data: { 'prompts.jsonl': '{"id":"one"}', other: 'x' } },
      { ...named('Secret', 'judge-key'), stringData: { token: 'the-key' } },
    );
    const changes = {
      criteria: [{ name: 'cost', description: 'pays $$ for $(SLUICE_JUDGE_RUN), "so"' }],
      endpoint: { url: 'http://judge', model: 'm', apiKey: { secret: 'judge-key', key: 'token' } },
    };
    const judging = await begin(tellsOfItself, changes);
    expect(await endOf(judging)).toEqual({ kind: 'answered', answer });
    const told = await logOf(judging);
    expect(told).toEqual({
      run: expect.stringMatching(/^vllm-judge-[0-9a-f]{8}-1-1$/),
      config: JSON.stringify(judgeConfig(judging.plan)),
      key: 'the-key',
      user: 65_532,
      prompts: '{"id":"one"}',
      writesPrompts: 'EROFS',
      writesRoot: 'EROFS',
      token: false,
      services: [],
    });
  });

  test('without their ConfigMap run all the same, and find no file', async () => {
    const judging = await begin(tellsOfItself, {
      prompts: { configMap: { name: 'none', key: 'prompts.jsonl' } },
    });
    expect(await endOf(judging)).toMatchObject({ kind: 'answered' });
    expect(await logOf(judging)).toMatchObject({ prompts: 'ENOENT' });
  });

  test.each([
    ['that write garbage', says('sk-123 is no JSON'), 'its termination message is no JSON (17 bytes)'],
    [
      'that write too much',
      says(`{"version":1,"pad":"${'x'.repeat(5000)}"}`),
      'its termination message is no JSON (4096 bytes, where Kubernetes cuts it)',
    ],
    ['that write nothing', '', 'it wrote nothing to its termination message'],
    [
      'that answer with a field that cannot be',
      says('{"version":1,"pairs":{"wins":-1,"losses":0,"ties":0}}'),
      'its answer is none: pairs.wins must be a whole number of at least 0: found -1',
    ],
    [
      'that give up',
      `${says('{"version":1,"failed":"the model answers 401"}')} process.exitCode = 1;`,
      'the judge gave up: the model answers 401',
    ],
    ['that crash', `console.error('sk-123'); process.exit(3);`, 'Error, exit code 3'],
  ])('%s have failed', async (_, script, why) => {
    expect(await endOf(await begin(script))).toEqual(failed(why));
  });

  test('that need more memory than they have have failed', async () => {
    const eats = `const kept = []; for (;;) kept.push(Buffer.alloc(8 << 20, 1));`;
    const judging = await begin(eats, { resources: { cpu: '50m', memory: '64Mi' } });
    expect(await endOf(judging)).toEqual(
      failed(expect.stringMatching(/^OOMKilled: .* its 64Mi, exit code 137$/)),
    );
  });

  test('whose image does not exist say so, and have failed after the grace', async () => {
    const judging = await begin('', { image: 'localhost/sluice/none:1', deadlineMs: 20_000 });
    const seen = await untilState(judging, (it) => it.kind === 'running' && it.what.includes('ImagePull'));
    expect(seen).toMatchObject({
      what: expect.stringMatching(/^pod is waiting: (ErrImagePull|ImagePullBackOff)/),
    });
    expect(await endOf(judging)).toEqual(
      failed(
        expect.stringMatching(
          /^pod is waiting: (ErrImagePull|ImagePullBackOff).*; it has waited for 1\d s$/s,
        ),
      ),
    );
  });

  test('whose Secret does not exist have failed after the grace, and name it', async () => {
    const apiKey = { secret: 'no-such-secret', key: 'token' };
    const endpoint = { url: 'http://judge', model: 'm', apiKey };
    const judging = await begin('', { endpoint, deadlineMs: 10_000 });
    expect(await endOf(judging)).toEqual(
      failed(
        expect.stringMatching(
          /^pod is waiting: CreateContainerConfigError: secret "no-such-secret" not found; it has waited/,
        ),
      ),
    );
  });

  test('that go on past their deadline are ended by Kubernetes', async () => {
    const judging = await begin(forever, {}, { activeDeadlineSeconds: 3 });
    // On a busy machine the pod may not have come further than to be made.
    expect(await endOf(judging)).toEqual(
      failed(expect.stringMatching(/^it ran past its deadline \(3 s\)(, waiting: \w+)?$/)),
    );
    await untilGone('its pod', () => podsOfTry(judging));
    expect(await endOf(judging)).toEqual(failed('it ran past its deadline (3 s)'));
  });

  test('whose pod somebody deletes have failed, and stay so when it is gone', async () => {
    const judging = await begin(forever);
    await untilState(judging, isRunning);
    const [pod] = await podsOfTry(judging);
    await it.api.delete(kinds.pod, it.namespace, pod?.metadata?.name ?? '');
    expect(await endOf(judging)).toEqual(failed(expect.stringMatching(/^its pod was removed/)));
    await untilGone('its pod', () => podsOfTry(judging));
    expect(await endOf(judging)).toEqual(failed('its pod was removed'));
  });

  test('whose pod is evicted have failed, and say why', async () => {
    const judging = await begin(forever);
    await untilState(judging, isRunning);
    const [pod] = await podsOfTry(judging);
    const name = pod?.metadata?.name ?? '';
    // Kept for as long as the test looks: a busy machine may look but once in the second that the pod gets.
    const held = { ...named('Pod', name), metadata: { ...named('Pod', name).metadata, finalizers } };
    await it.apply(held);
    try {
      await it.config.makeApiClient(CoreV1Api).createNamespacedPodEviction({
        name,
        namespace: it.namespace,
        body: { metadata: { name, namespace: it.namespace } },
      });
      const why = failed('EvictionByEvictionAPI: Eviction API: evicting');
      expect(await endOf(judging)).toEqual(why);
    } finally {
      await it.apply(named('Pod', name));
    }
    await untilGone('its pod', () => podsOfTry(judging));
    expect(await endOf(judging)).toEqual(failed('its pod was removed'));
  });

  test('that run are gone with their pods seconds after they are removed', async () => {
    const judging = await begin(forever);
    await untilState(judging, isRunning);
    await judging.jobs.remove(judging.plan, null, owner);
    expect(await remains(it, owner)).toEqual([]);
    const removedAt = performance.now();
    await untilGone('its pod', () => podsOfTry(judging));
    expect(performance.now() - removedAt).toBeLessThan(20_000);
  });

  test('have pods that are nobody’s: no Service leads to them, no arm counts them', async () => {
    const judging = await begin(forever);
    await untilState(judging, isRunning);
    expect(await it.workload.canaryPods(it.target)).toEqual([]);
    expect(await it.workload.readiness(it.target)).toMatchObject({
      stable: { ready: 0 },
      canary: { ready: 0 },
    });
    const { items } = await it.config
      .makeApiClient(CoreV1Api)
      .listNamespacedEndpoints({ namespace: it.namespace });
    expect(items.flatMap(({ subsets = [] }) => subsets)).toEqual([]);
    // Nor does the removal of the canary wait for them.
    await it.workload.removeCanary(it.target, owner, AbortSignal.timeout(30_000));
    await untilGone('its Job', () => remains(it, owner));
  });

  function named(kind: string, name: string) {
    return { apiVersion: 'v1', kind, metadata: { name, namespace: it.namespace } };
  }

  async function logOf(judging: Judging): Promise<unknown> {
    const [pod] = await podsOfTry(judging);
    const log = await it.config
      .makeApiClient(CoreV1Api)
      .readNamespacedPodLog({ name: pod?.metadata?.name ?? '', namespace: it.namespace });
    return JSON.parse(log);
  }
});
