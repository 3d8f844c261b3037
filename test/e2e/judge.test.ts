import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BatchV1Api, CoreV1Api, NetworkingV1Api, type V1Job } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import { applyObjects } from '../../dev/cluster/objects.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import { reportPage } from '../../src/cli/report/page.ts';
import type { JudgePlan } from '../../src/domain/plan/judge-plan.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import type { RolloutOutcome, RolloutState } from '../../src/domain/rollout/state.ts';
import { abort, rolloutWorkflowType } from '../../src/workflows/messages.ts';
import type { rollout } from '../../src/workflows/rollout.ts';
import { errorGuards } from '../support/error-criteria.ts';
import { deployJudgedService, type JudgedService } from '../support/judged-service.ts';
import { namespaceObjects } from '../support/namespace-objects.ts';
import { ObjectStore } from '../support/object-store.ts';
import { pendingActivity } from '../support/pending-activities.ts';
import { metricsPlan, quickPlan } from '../support/plans.ts';
import { RealWorker } from '../support/real-worker.ts';
import { standinRelease } from '../support/releases.ts';
import { testAddresses } from '../support/test-platform.ts';
import { textOf } from '../support/text-of.ts';
import { armsPairsOf } from '../support/transcript-lines.ts';
import { WorkerProcess } from '../support/worker-process.ts';
import { runningRollout, type RunningRollout } from '../support/workflow-runner.ts';

const second = 1000;
const { KUBECONFIG, TEMPORAL_ADDRESS, PROMETHEUS_URL } = testAddresses();

/** Real Jobs of the real judge, real pods that answer well or badly, and stand-in judges that judge well or badly. */
describe('an LLM judge in a rollout', () => {
  let worker: RealWorker;
  let service: JudgedService;
  let store: ObjectStore;

  beforeAll(async () => {
    worker = await RealWorker.open();
    service = await deployJudgedService('judge', {
      fair: {},
      slow: { latencyMs: 250 },
      biased: { firstBiasPerThousand: 30 },
      'all-biased': { firstBiasPerThousand: 1000 },
      tie: { alwaysTie: true },
      garbage: { garbagePerThousand: 1000 },
    });
    const { namespace, cluster } = service;
    const apply = (...objects: object[]) => applyObjects(cluster.objects, objects);
    store = await ObjectStore.deploy({ namespace, config: cluster.config, apply });
  });
  afterAll(async () => {
    await worker.close();
    await service.remove();
    await store.removeFiles();
  });

  const quality = (wrongPerThousand: number) => ({ quality: { wrongPerThousand } });
  /** Some are promoted: each release is another one. */
  let releases = 1;
  /** One phase at 50 % of nearly no time: its gate is the judge. */
  const planOf = (behaviour: object, judge: JudgePlan, changes: Partial<Plan> = {}): Plan => {
    const plan = quickPlan();
    releases += 1;
    return {
      ...plan,
      target: { ...plan.target, namespace: service.namespace },
      release: standinRelease(`v${releases}`, { behaviour }),
      metrics: metricsPlan({ url: PROMETHEUS_URL }),
      guards: errorGuards,
      guardIntervalMs: second,
      phases: [
        { weightPercent: 50, bakeMs: second, gates: [], requireApproval: false },
        { weightPercent: 100, bakeMs: 0, gates: [], requireApproval: false },
      ],
      hold: { limitMs: 2 * second, then: 'rollBack' },
      keepOldMs: second,
      judge,
      ...changes,
    };
  };
  interface Played {
    readonly outcome: RolloutOutcome;
    readonly state: RolloutState;
  }
  const play = async (plan: Plan): Promise<Played> => {
    const run = await worker.start(plan);
    const outcome = await run.outcome();
    return { outcome, state: await run.state() };
  };
  const jobs = async (): Promise<V1Job[]> => {
    const { namespace, cluster } = service;
    return (await cluster.config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace })).items;
  };
  /** Of Jobs alone; a Job's pods carry its name. */
  const judgePods = async () => {
    const { namespace, cluster } = service;
    const pods = cluster.config.makeApiClient(CoreV1Api);
    return (await pods.listNamespacedPod({ namespace, labelSelector: 'batch.kubernetes.io/job-name' })).items;
  };
  const jobRuns = (run: RunningRollout): Promise<V1Job> => {
    let seen = '';
    return waitFor(
      "the judge's Job to run",
      async () => {
        const [job] = await jobs();
        seen = textOf([job?.status, (await run.state()).events]);
        return (job?.status?.ready ?? 0) > 0 ? job : undefined;
      },
      { everyMs: 100, timeoutMs: 120 * second, seen: () => seen },
    );
  };

  test('equal arms pass; the cluster is as it was, and no key is in anything that anybody keeps (S9, S12)', async () => {
    const { namespace, cluster, apiKey } = service;
    const before = await namespaceObjects(cluster.config, namespace);
    const transcripts = { s3: store.bucket('chat/'), keepMs: 3600 * second };
    const run = await worker.start(planOf({}, { ...service.judge('slow'), transcripts }));
    const job = await jobRuns(run);
    const [pod] = await judgePods();
    const log = await waitFor('a line of its log', async () => {
      const name = pod?.metadata?.name ?? '';
      const text = await cluster.config.makeApiClient(CoreV1Api).readNamespacedPodLog({ name, namespace });
      return text === '' ? undefined : text;
    });
    const pending = textOf(await pendingActivity(run.handle, 'judgePhase'));
    const outcome = await run.outcome();
    expect(outcome).toMatchObject({ status: 'promoted' });
    const state = await run.state();
    expect(state.judged).toMatchObject([
      { phase: 0, attempts: 1, failures: [], verdicts: [{ outcome: 'pass', metric: 'judge-quality-drop' }] },
    ]);
    const [{ answer } = { answer: null }] = state.judged;
    expect(answer).toMatchObject({
      pairs: { wins: 0, losses: 0, ties: 400 },
      prompts: { count: 400 },
      judge: { model: 'judge-standin' },
      trust: { lost: { stable: 0, canary: 0, judge: 0 } },
    });
    const kept = answer?.transcripts?.replace('s3://llm-judge/', '') ?? 'none';
    const transcript = await readFile(path.join(store.folder, kept), 'utf8');
    expect(armsPairsOf(transcript)).toHaveLength(400);

    const history = textOf(await run.handle.fetchHistory());
    const page = reportPage({
      ...{ rollout: { cluster: 'default', namespace, name: 'llama' }, state, cutOff: null },
      ...{ series: { kind: 'unknown', why: 'not asked' }, madeAtMs: Date.now(), url: null },
    });
    expect(page).toContain('What the judge said');
    // The search finds what is there: the pod has the key, by reference.
    expect(textOf(job)).toContain('judge-key');
    expect(textOf(job)).toContain('SLUICE_JUDGE_S3_SECRET_ACCESS_KEY');
    for (const key of [apiKey, store.secretAccessKey]) {
      for (const text of [history, textOf(job), textOf(pod), log, pending, textOf(state), page, transcript])
        expect(text).not.toContain(key);
    }
    expect(history.length).toBeLessThan(1_000_000);

    expect(await jobs()).toEqual([]);
    const after = await namespaceObjects(cluster.config, namespace);
    expect(Object.keys(after)).toEqual(Object.keys(before));
  });

  test('20 % worse answers: the judge proves a drop of more than 10 %, and the rollout goes back', async () => {
    const { outcome, state } = await play(planOf(quality(200), service.judge('fair')));
    expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'breach' });
    expect(outcome.sentence).toMatch(/quality \S+ % below stable's over 400 prompts \(.*\), limit < 10/);
    expect(state.weights.map((it) => it.percent)).toEqual([50, 0]);
  });

  test('a judge that likes what it sees first: both orders make ties of it, and equal arms pass', async () => {
    const { outcome, state } = await play(planOf({}, service.judge('biased')));
    expect(outcome).toMatchObject({ status: 'promoted' });
    const { pairs, trust } = state.judged[0]?.answer ?? {};
    // Single votes show what it likes; the pairs do not.
    expect(trust?.order.decided).toBeGreaterThan(10);
    expect(trust?.order.first).toBe(trust?.order.decided);
    expect(pairs?.wins).toBe(0);
    expect(pairs?.losses).toBe(0);
  });

  // It becomes stable: no arms are equal after it.
  test('5 % worse answers pass: that is within what the plan allows, and proven to be', async () => {
    const { outcome, state } = await play(planOf(quality(50), service.judge('fair')));
    expect(outcome).toMatchObject({ status: 'promoted' });
    const [verdict] = state.judged[0]?.verdicts ?? [];
    expect(verdict?.value).toBeGreaterThan(0.02);
    expect(verdict?.value).toBeLessThan(0.09);
  });

  test.each([
    ['likes whatever it sees first', 'all-biased', /not trusted: .*spoilt/],
    ['always says tie', 'tie', /not trusted: .*spoilt/],
    ['writes garbage', 'garbage', /judge (failed|is not trusted): /],
    ['is down', 'nobody', /judge failed: /],
  ])(
    'a judge that %s is inconclusive: it holds, and nothing is promoted (S6)',
    async (_name, behaviour, why) => {
      const { outcome, state } = await play(planOf({}, service.judge(behaviour)));
      expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'holdLimit' });
      expect(outcome.sentence).toMatch(why);
      expect(state.weights.map((it) => it.percent)).toEqual([50, 0]);
      expect(state.judged[0]?.verdicts.map((it) => it.outcome)).toEqual(['inconclusive']);
      expect(await jobs()).toEqual([]);
    },
  );

  test('an image that does not exist is inconclusive, with what Kubernetes says of it', async () => {
    const judge = service.judge('fair', {
      image: 'localhost/sluice/nobody:1',
      attempts: 1,
      deadlineMs: 40 * second,
    });
    const { outcome } = await play(planOf({}, judge));
    expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'holdLimit' });
    expect(outcome.sentence).toMatch(/judge failed: .*Image/);
  }, 300_000);

  test('the worker is killed while the Job runs: the next one waits for the same Job, and counts its answer (S5)', async () => {
    const taskQueue = `judge-${randomBytes(3).toString('hex')}`;
    const env = { ...process.env, KUBECONFIG, TEMPORAL_ADDRESS, SLUICE_TASK_QUEUE: taskQueue };
    const workers = [new WorkerProcess(env)];
    const connection = await Connection.connect({ address: TEMPORAL_ADDRESS, connectTimeout: '1 min' });
    try {
      await workers[0]?.isReady();
      const plan = planOf({}, service.judge('slow'));
      const { workflow } = new Client({ connection });
      const handle = await workflow.start<typeof rollout>(rolloutWorkflowType, {
        ...{ taskQueue, workflowId: `rollout/default/${service.namespace}/killed` },
        args: [{ plan, startedBy: 'e2e', reason: 'a test' }],
      });
      const run = runningRollout(handle);
      const job = await jobRuns(run);
      workers[0]?.kill('SIGKILL');
      await workers[0]?.exit();
      workers.push(new WorkerProcess(env));
      await workers[1]?.isReady();
      expect((await jobs()).map((it) => it.metadata?.uid)).toEqual([job.metadata?.uid]);
      expect(await run.outcome()).toMatchObject({ status: 'promoted' });
      expect((await run.state()).judged).toMatchObject([
        { attempts: 1, failures: [], verdicts: [{ outcome: 'pass' }] },
      ]);
    } finally {
      for (const it of workers) it.kill('SIGKILL');
      await Promise.all(workers.map((it) => it.exit()));
      await connection.close();
    }
  }, 300_000);

  test('abort while it judges: its Job and pod are gone before the canary is (S13)', async () => {
    const run = await worker.start(planOf({}, service.judge('slow')));
    await jobRuns(run);
    await run.handle.signal(abort, { by: 'ann', reason: 'a test' });
    await waitFor('the Job to go', async () => ((await jobs()).length === 0 ? true : undefined), {
      everyMs: 50,
      timeoutMs: 10 * second,
    });
    expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort' });
    const policies = service.cluster.config.makeApiClient(NetworkingV1Api);
    const { namespace } = service;
    expect((await policies.listNamespacedNetworkPolicy({ namespace })).items).toEqual([]);
    await waitFor('its pod to go', async () => ((await judgePods()).length === 0 ? true : undefined));
  });
});
