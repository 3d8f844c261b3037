import { randomUUID } from 'node:crypto';
import type { KubernetesObject } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import { applyObjects } from '../../dev/cluster/objects.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import { startLoad, type RunningLoad } from '../../dev/load/run.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import type { RolloutOutcome } from '../../src/domain/rollout/state.ts';
import { rolloutWorkflowType } from '../../src/workflows/messages.ts';
import type { rollout } from '../../src/workflows/rollout.ts';
import {
  startApiInterceptor,
  type ApiCall,
  type ApiInterceptor,
  type FalseAnswer,
  type Passage,
} from './api-interceptor.ts';
import { apiMoment, type Moment } from './moments.ts';
import { deployService, type ServiceUnderTest } from './namespace.ts';
import { quickPlan } from './plans.ts';
import { testAddresses } from './test-platform.ts';
import { WatchedWorker } from './watched-worker.ts';
import { WeightsSeen } from './weights-seen.ts';
import type { RolloutHandle } from './workflow-runner.ts';

const second = 1000;

/** As a Prometheus answers that knows of nothing. */
const noNumbers: FalseAnswer = { json: { status: 'success', data: { resultType: 'vector', result: [] } } };

export interface FaultStageOptions {
  /** Begins the name of its namespace. */
  readonly purpose: string;
  /** For files of the workers; whoever made it removes it. */
  readonly folder: string;
  /** What workers are started with. */
  readonly env: NodeJS.ProcessEnv;
  /** Requests a second; 0 for no load. */
  readonly ratePerSecond: number;
}

interface Parts {
  readonly options: FaultStageOptions;
  readonly service: ServiceUnderTest;
  readonly weights: WeightsSeen;
  readonly load: RunningLoad | null;
  readonly connection: Connection;
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
  readonly #options: FaultStageOptions;
  readonly #connection: Connection;
  readonly #taskQueue = `faults-${randomUUID()}`;
  readonly #workers: WatchedWorker[] = [];
  readonly #started: RolloutHandle[] = [];
  readonly #interceptors: ApiInterceptor[] = [];

  private constructor({ options, service, weights, load, connection }: Parts) {
    this.service = service;
    this.weights = weights;
    this.load = load;
    this.#options = options;
    this.#connection = connection;
  }

  static async open(options: FaultStageOptions): Promise<FaultStage> {
    const service = await deployService(options.purpose, { canary: false });
    const { cluster, namespace, gateway: url, host } = service;
    await applyObjects(cluster.objects, [autoscaler(namespace)]);
    const weights = await WeightsSeen.open(cluster.config, namespace, 'llm');
    const { ratePerSecond } = options;
    const load =
      ratePerSecond === 0
        ? null
        : startLoad({ url, headers: { host }, model: 'llama', ratePerSecond, streamShare: 1 });
    const connection = await Connection.connect({ address: testAddresses().TEMPORAL_ADDRESS });
    const stage = new FaultStage({ options, service, weights, load, connection });
    await stage.#intercept();
    return stage;
  }

  /** Starts one more worker on the task queue of this stage. */
  async addWorker(): Promise<WatchedWorker> {
    const { folder, env } = this.#options;
    const worker = await WatchedWorker.open(this.#taskQueue, folder, env);
    worker.at = (moment) => this.at(moment, worker);
    this.#workers.push(worker);
    return worker;
  }

  /** A plan for this service with bakes of seconds; nothing is judged by latency, for the machine may be busy. */
  plan(changes: Partial<Plan> = {}): Plan {
    const plan = quickPlan();
    const [prometheus, notification] = this.#interceptors;
    const gates = [{ criterion: { metric: 'error-rate', maxShare: 0.001 } as const, minimumSamples: 1 }];
    const phase = { bakeMs: 2 * second, gates: [], requireApproval: false };
    return {
      ...plan,
      target: { ...plan.target, namespace: this.service.namespace },
      release: releaseOf({}),
      metrics: { ...plan.metrics, prometheus: { url: prometheus?.url ?? '' } },
      notifications: [{ url: notification?.url ?? '' }],
      guardIntervalMs: second,
      guards: plan.guards
        .filter((it) => it.criterion.metric === 'error-rate')
        .map((guard) => ({ ...guard, minimumSamples: 10, windowMs: 10 * second })),
      phases: [
        { ...phase, weightPercent: 20 },
        { ...phase, weightPercent: 50, gates },
        { ...phase, weightPercent: 100 },
      ],
      capacity: { replicas: [1, 1, 2] },
      keepOldMs: 2 * second,
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
  }

  /** Prometheus, and somebody to be told how rollouts end. */
  async #intercept(): Promise<void> {
    const tell = async (to: 'prometheus' | 'notification', when: Moment['when'], call: ApiCall) => {
      const [worker] = this.#workers;
      if (worker === undefined) return 'passes';
      const passage = await this.at(apiMoment(to, when, call), worker);
      return passage === 'passes' && to === 'prometheus' && when === 'before' && this.blind
        ? noNumbers
        : passage;
    };
    for (const [to, upstream] of [
      ['prometheus', testAddresses().PROMETHEUS_URL],
      ['notification', null],
    ] as const) {
      this.#interceptors.push(
        await startApiInterceptor(upstream, {
          before: (call) => tell(to, 'before', call),
          after: async (call) => ((await tell(to, 'after', call)) === 'lost' ? 'lost' : 'passes'),
        }),
      );
    }
  }
}

/** Another arm in the answers' header, and whatever behaviour a test asks for. */
export function releaseOf(behaviour: object): Plan['release'] {
  const env = [
    { name: 'ARM', value: 'canary' },
    { name: 'BEHAVIOUR', value: JSON.stringify(behaviour) },
  ];
  return { version: 'v2', patch: { spec: { containers: [{ name: 'vllm', env }] } } };
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
