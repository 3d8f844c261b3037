import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { KubernetesObject } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import { applyObjects } from '../../dev/cluster/objects.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import { startLoad, type RunningLoad } from '../../dev/load/run.ts';
import type { JudgePlan } from '../../src/domain/plan/judge-plan.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import type { RolloutOutcome } from '../../src/domain/rollout/state.ts';
import { rolloutWorkflowType } from '../../src/workflows/messages.ts';
import type { rollout } from '../../src/workflows/rollout.ts';
import { errorGate, errorGuards, longPhase } from './error-criteria.ts';
import { jsonAnswer, type HttpInterceptor } from './http-interceptor.ts';
import { deployJudges } from './judged-service.ts';
import { interceptHttp } from './moment-interceptor.ts';
import type { Moment } from './moments.ts';
import { deployService, type ServiceUnderTest } from './namespace.ts';
import { quickPlan } from './plans.ts';
import { standinRelease } from './releases.ts';
import type { Passage } from './temporal-interceptor.ts';
import { testAddresses } from './test-platform.ts';
import { WatchedWorker } from './watched-worker.ts';
import { WeightsSeen } from './weights-seen.ts';
import type { RolloutHandle } from './workflow-runner.ts';

const second = 1000;

/** As a Prometheus answers that knows of nothing. */
const noNumbers = jsonAnswer({ status: 'success', data: { resultType: 'vector', result: [] } });

export interface FaultStageOptions {
  /** Begins the name of its namespace. */
  readonly purpose: string;
  /** Requests a second; 0 for no load. */
  readonly ratePerSecond: number;
  /** How a stand-in judge behaves that compares the arms at 50 %. @default null, for none */
  readonly judge?: object | null;
}

/** Judged within seconds, and proof enough of no drop where all answers are alike: of fewer than 30 nothing is said. */
const promptsJudged = 40;

interface Parts {
  readonly service: ServiceUnderTest;
  readonly weights: WeightsSeen;
  readonly load: RunningLoad | null;
  readonly connection: Connection;
  readonly folder: string;
  readonly judge: JudgePlan | null;
}

/** A service of its own, under load, and workers for it: every request that they make is told to `at` first. */
export class FaultStage {
  /** Says what becomes of a request. @default everything passes */
  at: (moment: Moment, worker: WatchedWorker) => Promise<Passage> = () => Promise.resolve('passes');
  /** While true, Prometheus has no numbers for anybody. */
  blind = false;
  readonly service: ServiceUnderTest;
  readonly weights: WeightsSeen;
  readonly load: RunningLoad | null;
  readonly #connection: Connection;
  /** For files of the workers. */
  readonly #folder: string;
  readonly #judge: JudgePlan | null;
  readonly #taskQueue = `faults-${randomUUID()}`;
  readonly #workers: WatchedWorker[] = [];
  readonly #started: RolloutHandle[] = [];
  readonly #interceptors: HttpInterceptor[] = [];

  private constructor({ service, weights, load, connection, folder, judge }: Parts) {
    this.service = service;
    this.weights = weights;
    this.load = load;
    this.#connection = connection;
    this.#folder = folder;
    this.#judge = judge;
  }

  static async open({ purpose, ratePerSecond, judge = null }: FaultStageOptions): Promise<FaultStage> {
    const service = await deployService(purpose, { canary: false });
    const { cluster, namespace, gateway: url, host } = service;
    await applyObjects(cluster.objects, [autoscaler(namespace)]);
    const judgePlan = judge === null ? null : await deployJudge(service, judge);
    const weights = await WeightsSeen.open(cluster.config, namespace, 'llm');
    const load =
      ratePerSecond === 0
        ? null
        : startLoad({ url, headers: { host }, model: 'llama', ratePerSecond, streamShare: 1 });
    const connection = await Connection.connect({ address: testAddresses().TEMPORAL_ADDRESS });
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-faults-'));
    const stage = new FaultStage({ service, weights, load, connection, folder, judge: judgePlan });
    await stage.#intercept();
    return stage;
  }

  /** Starts one more worker on the task queue of this stage. */
  async addWorker(): Promise<WatchedWorker> {
    const worker = await WatchedWorker.open(this.#taskQueue, this.#folder);
    worker.at = (moment) => this.at(moment, worker);
    this.#workers.push(worker);
    return worker;
  }

  /** A plan for this service with bakes of seconds; nothing is judged by latency, for the machine may be busy. */
  plan(changes: Partial<Plan> = {}): Plan {
    const plan = quickPlan();
    const [prometheus, notification] = this.#interceptors;
    return {
      ...plan,
      target: { ...plan.target, namespace: this.service.namespace },
      release: standinRelease('canary'),
      metrics: { ...plan.metrics, prometheus: { url: prometheus?.url ?? '' } },
      notifications: [{ url: notification?.url ?? '' }],
      guardIntervalMs: second,
      guards: errorGuards,
      phases: [
        longPhase(50, { bakeMs: 2 * second, gates: [errorGate] }),
        longPhase(100, { bakeMs: 2 * second }),
      ],
      capacity: { replicas: [1, 2] },
      keepOldMs: 2 * second,
      judge: this.#judge,
      ...changes,
    };
  }

  async start(plan: Plan): Promise<RolloutHandle> {
    const client = new Client({ connection: this.#connection });
    const { cluster, namespace } = plan.target;
    const handle = await client.workflow.start<typeof rollout>(rolloutWorkflowType, {
      taskQueue: this.#taskQueue,
      workflowId: `rollout/${cluster}/${namespace}/${plan.name}`,
      args: [{ plan, startedBy: 'e2e', reason: 'a test' }],
    });
    this.#started.push(handle);
    return handle;
  }

  /** @throws WaitTimeout with what it hangs on. */
  async outcome(handle: RolloutHandle, timeoutMs: number, seen = () => ''): Promise<RolloutOutcome> {
    let last = '';
    const ended = async () => {
      const { status, raw } = await handle.describe();
      last = JSON.stringify(
        raw.pendingActivities?.map((it) => [it.activityType?.name, it.state, it.attempt]),
      );
      return status.name === 'RUNNING' ? undefined : true;
    };
    const whole = () =>
      [last, seen(), `weights ${this.weights.all().join(', ')}`, this.#workers[0]?.relay.tail()].join('\n');
    await waitFor(`${handle.workflowId} to end`, ended, { timeoutMs, everyMs: 250, seen: whole });
    return handle.result();
  }

  async remove(): Promise<void> {
    for (const handle of this.#started) await handle.terminate('the test is over').catch(() => undefined);
    for (const worker of this.#workers) await worker.close();
    await this.load?.stop();
    this.weights.close();
    for (const interceptor of this.#interceptors) await interceptor.close();
    await this.#connection.close();
    await this.service.remove();
    await rm(this.#folder, { recursive: true });
  }

  /** Prometheus, and somebody to be told how rollouts end. */
  async #intercept(): Promise<void> {
    const at = (moment: Moment): Promise<Passage> => {
      const [worker] = this.#workers;
      return worker === undefined ? Promise.resolve('passes') : this.at(moment, worker);
    };
    const prometheus = { url: testAddresses().PROMETHEUS_URL };
    const nobody = { url: 'http://127.0.0.1:1' };
    this.#interceptors.push(
      await interceptHttp('prometheus', {
        server: prometheus,
        at,
        instead: () => (this.blind ? noNumbers : null),
      }),
      await interceptHttp('notification', { server: nobody, at, instead: () => jsonAnswer({}) }),
    );
  }
}

async function deployJudge(service: ServiceUnderTest, behaviour: object): Promise<JudgePlan> {
  const judges = await deployJudges(service, { stage: behaviour });
  return judges.judge('stage', { mostPrompts: promptsJudged, minimumPairs: promptsJudged });
}

/** Stable has two replicas: one more than this asks for, so that a rollout has something to pin. */
function autoscaler(namespace: string): KubernetesObject {
  const spec = {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'vllm' },
    minReplicas: 1,
    maxReplicas: 4,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
      },
    ],
  };
  const metadata = { name: 'vllm', namespace };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec,
  } as KubernetesObject;
}
