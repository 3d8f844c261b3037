import { startLoad, type RunningLoad } from '../../dev/load/run.ts';
import { planDefaults } from '../../src/domain/plan/defaults.ts';
import type { GatePlan, PhasePlan, Plan } from '../../src/domain/plan/plan.ts';
import { startApiProxy, type ApiProxy } from './api-proxy.ts';
import { openBreakablePrometheus, type BreakablePrometheus } from './breakable-prometheus.ts';
import { namespaceObjects } from './namespace-objects.ts';
import { deployService, type ServiceUnderTest } from './namespace.ts';
import { quickPlan } from './plans.ts';
import { RealWorker } from './real-worker.ts';
import { testAddresses } from './test-platform.ts';
import type { RunningRollout } from './workflow-runner.ts';

const second = 1000;
const hour = 3600 * second;

/**
 * Guards and gates of these tests. Of errors only: a test causes those on purpose, while latencies of a loaded machine
 * are chance.
 */
const guards: Plan['guards'] = planDefaults.guards
  .filter(({ criterion }) => criterion.metric === 'error-rate')
  .map((guard) => ({ ...guard, minimumSamples: 10, windowMs: 10 * second }));
export const errorGate: GatePlan = {
  criterion: { metric: 'error-rate', maxShare: 0.001 },
  minimumSamples: 1,
};

/** A phase that lasts until somebody ends it. */
export function longPhase(weightPercent: number, changes: Partial<PhasePlan> = {}): PhasePlan {
  return { weightPercent, bakeMs: hour, gates: [], requireApproval: false, ...changes };
}

/** A service under load, and a worker in this process whose ways to the API server and to Prometheus can be broken. */
export class BreakableWorld {
  readonly service: ServiceUnderTest;
  readonly api: ApiProxy;
  readonly prometheus: BreakablePrometheus;
  readonly load: RunningLoad;
  readonly #worker: RealWorker;

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
    this.load = startLoad({ url, headers: { host }, model: 'llama', ratePerSecond, streamShare: 1 });
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
      guards,
      phases: [longPhase(50), longPhase(100, { bakeMs: 0 })],
      keepOldMs: hour,
      ...changes,
    };
  }

  start(plan: Plan): Promise<RunningRollout> {
    return this.#worker.start(plan);
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
