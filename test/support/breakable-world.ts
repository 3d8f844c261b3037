import { startLoad, type RunningLoad } from '../../dev/load/run.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import { abort } from '../../src/workflows/messages.ts';
import { startApiProxy, type ApiProxy, type Disturbance } from './api-proxy.ts';
import { openBreakablePrometheus, type BreakablePrometheus } from './breakable-prometheus.ts';
import { errorGuards, longPhase } from './error-criteria.ts';
import { lastSecondOf } from './load-facts.ts';
import { namespaceObjects } from './namespace-objects.ts';
import { deployService, type ServiceUnderTest } from './namespace.ts';
import { quickPlan } from './plans.ts';
import { RealWorker } from './real-worker.ts';
import { testAddresses } from './test-platform.ts';
import type { RunningRollout } from './workflow-runner.ts';

const second = 1000;
const hour = 3600 * second;

/** Of an answer in the load: short ones, for platform, load and worker share two cores in these tests. */
export const maxTokens = 6;

/** A service under load, and a worker in this process whose ways to the API server and to Prometheus can be broken. */
export class BreakableWorld {
  readonly service: ServiceUnderTest;
  readonly api: ApiProxy;
  readonly prometheus: BreakablePrometheus;
  readonly load: RunningLoad;
  readonly #worker: RealWorker;
  #last: RunningRollout | null = null;

  private constructor(
    service: ServiceUnderTest,
    ways: { readonly api: ApiProxy; readonly prometheus: BreakablePrometheus },
    worker: RealWorker,
    ratePerSecond: number,
  ) {
    this.service = service;
    this.api = ways.api;
    this.prometheus = ways.prometheus;
    this.#worker = worker;
    const { gateway: url, host } = service;
    this.load = startLoad({
      url,
      headers: { host },
      model: 'llama',
      ratePerSecond,
      streamShare: 1,
      maxTokens,
    });
  }

  /** @param purpose begins the name of its namespace. */
  static async open(purpose: string, ratePerSecond: number): Promise<BreakableWorld> {
    const service = await deployService(purpose, { canary: false });
    const api = await startApiProxy(service.cluster.config);
    const prometheus = await openBreakablePrometheus(testAddresses().PROMETHEUS_URL);
    const worker = await RealWorker.open(api.config);
    return new BreakableWorld(service, { api, prometheus }, worker, ratePerSecond);
  }

  /** One phase of 50 % for an hour, then 100 %; looked at every second. */
  plan(changes: Partial<Plan> = {}): Plan {
    const plan = quickPlan();
    return {
      ...plan,
      target: { ...plan.target, namespace: this.service.namespace },
      metrics: { ...plan.metrics, prometheus: { url: this.prometheus.url } },
      guardIntervalMs: second,
      guards: errorGuards,
      phases: [longPhase(50), longPhase(100, { bakeMs: 0 })],
      keepOldMs: hour,
      ...changes,
    };
  }

  async start(plan: Plan): Promise<RunningRollout> {
    this.#last = await this.#worker.start(plan);
    return this.#last;
  }

  /** Every request to the API server gets this answer, and none gets through, until `recoverApi`. */
  breakApi(answer: NonNullable<Disturbance['answer']>): void {
    const broken = { is: true };
    this.recoverApi = () => {
      broken.is = false;
    };
    void this.api.disturb({ times: Infinity, to: () => broken.is, answer });
  }

  /** Harmless when it is whole. */
  recoverApi = (): void => undefined;

  /** Takes back what a test left broken and running when it failed, so that the next one finds everything as it was. */
  async settle(): Promise<void> {
    this.recoverApi();
    await this.prometheus.recover();
    const last = this.#last;
    if (last === null || (await last.handle.describe()).status.name !== 'RUNNING') return;
    await last.handle.signal(abort, { by: 'the test', reason: 'it failed' });
    await last.outcome();
  }

  /** How long the load lasts by now, whole seconds. */
  get seconds(): number {
    return Math.floor(this.load.snapshot().elapsedMs / 1000);
  }

  /** Waits until the canary has answered a request that was sent at this second of the load, or later. */
  async untilCanaryAnswers(sinceSecond: number): Promise<void> {
    const answered = () => {
      const last = lastSecondOf('canary', this.load.snapshot());
      return Promise.resolve(last !== null && last >= sinceSecond ? true : undefined);
    };
    await waitFor('the canary to answer', answered, { everyMs: 500 });
  }

  /** Everything in the namespace, bookkeeping aside; read past the proxy. */
  objects(): Promise<Record<string, string>> {
    return namespaceObjects(this.service.cluster.config, this.service.namespace);
  }

  async close(): Promise<void> {
    await this.load.stop();
    await this.#worker.close();
    await this.api.close();
    await this.prometheus.close();
    await this.service.remove();
  }
}
