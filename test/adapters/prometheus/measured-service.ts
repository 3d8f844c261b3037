import { expect } from '@jest/globals';
import { CoreV1Api, type V1Pod } from '@kubernetes/client-node';
import { setWeights } from '../../../dev/cluster/route.ts';
import { waitFor } from '../../../dev/cluster/wait.ts';
import type { LoadReport } from '../../../dev/load/report.ts';
import { runLoad } from '../../../dev/load/run.ts';
import { PrometheusClient } from '../../../src/adapters/prometheus/client.ts';
import { PrometheusMetrics } from '../../../src/adapters/prometheus/prometheus-metrics.ts';
import {
  measuredOver,
  shareOf,
  type ArmMeasurement,
  type Measurement,
} from '../../../src/domain/analysis/measurement.ts';
import type { MetricsPlan } from '../../../src/domain/plan/metrics-plan.ts';
import { deployService, type ServiceUnderTest } from '../../support/namespace.ts';
import { queryPrometheus } from '../../support/prometheus.ts';
import { testAddresses } from '../../support/test-platform.ts';
import { metricsPlan } from '../../support/plans.ts';
import { targetOf } from './targets.ts';

export type Source = MetricsPlan['source'];
type Measured = Extract<Measurement, { kind: 'measured' }>;

/** The example service with all that is needed to hold what is measured against what was sent. */
export class MeasuredService {
  readonly service: ServiceUnderTest;
  readonly #metrics = new PrometheusMetrics(new PrometheusClient());
  readonly #prometheus = testAddresses().PROMETHEUS_URL;

  private constructor(service: ServiceUnderTest) {
    this.service = service;
  }

  static async deploy(purpose: string): Promise<MeasuredService> {
    return new MeasuredService(await deployService(purpose));
  }

  /** @param name of the target's workload and Service. */
  async measure(
    source: Source,
    windowMs: number,
    name = 'vllm',
    failing: readonly string[] = ['5xx'],
  ): Promise<Measurement> {
    const plan = metricsPlan({ url: this.#prometheus, source, failing });
    const target = targetOf(this.service.namespace, name);
    // The window ends now: by Prometheus' present it would begin later, and without the requests until then.
    const atMs = Date.now();
    const look = { names: ['error-rate', 'e2e-latency'], windowsMs: [windowMs], atMs } as const;
    const found = await this.#metrics.measure(plan, target, look, new AbortController().signal);
    return measuredOver(found, windowMs);
  }

  async measured(
    source: Source,
    windowMs: number,
    name?: string,
    failing?: readonly string[],
  ): Promise<Measured> {
    const found = await this.measure(source, windowMs, name, failing);
    if (found.kind !== 'measured') throw new Error(`expected a measurement, found ${JSON.stringify(found)}`);
    return found;
  }

  query(expression: string) {
    return queryPrometheus(this.#prometheus, expression);
  }

  /** 100 requests through the gateway. */
  sendLoad(): Promise<LoadReport> {
    const { gateway: url, host } = this.service;
    return runLoad({ url, headers: { host }, model: 'llama', ratePerSecond: 40, durationMs: 2500 });
  }

  /** Leads half of the traffic to the canary. */
  async splitTraffic(): Promise<void> {
    const { namespace, cluster } = this.service;
    await setWeights(cluster.objects, { namespace, name: 'llm' }, { vllm: 50, 'vllm-canary': 50 });
    await this.olderThan(1, 'envoy-contour', 'vllm-canary');
  }

  /** Waits until there are samples from before the window, without which nothing is measured. */
  async olderThan(windowMs: number, source: Source, name = 'vllm'): Promise<void> {
    await waitFor(`${name} to be scraped for ${windowMs} ms`, async () => {
      const found = await this.query(`${this.#alive(source, name)} offset ${windowMs}ms`);
      return found.length > 0 ? true : undefined;
    });
  }

  /** Waits until both arms were scraped after a time. */
  async scrapedSince(ms: number, source: Source): Promise<void> {
    await waitFor('the next scrape', async () => {
      const [oldest] = await this.query(`min(timestamp(${this.#alive(source, '(vllm|vllm-canary)')}))`);
      return (oldest?.value ?? 0) * 1000 > ms ? true : undefined;
    });
  }

  async podsOf(app: string): Promise<V1Pod[]> {
    const { cluster, namespace } = this.service;
    const core = cluster.config.makeApiClient(CoreV1Api);
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${app}` });
    return items;
  }

  /** Tells all pods of an arm how to behave; `{}` for the defaults. */
  async behave(app: string, behaviour: object): Promise<void> {
    const request = { method: 'PUT', headers: { 'content-type': 'application/json' } };
    for (const pod of await this.podsOf(app)) {
      const url = `http://${pod.status?.podIP ?? ''}:8001/behaviour`;
      const { status } = await fetch(url, { ...request, body: JSON.stringify(behaviour) });
      expect(status).toBe(200);
    }
  }

  /** There from the first scrape, with or without requests. */
  #alive(source: Source, name: string): string {
    const { namespace } = this.service;
    return source === 'vllm'
      ? `vllm:e2e_request_latency_seconds_count{namespace="${namespace}",app=~"${name}"}`
      : `envoy_cluster_upstream_rq_total{envoy_cluster_name=~"${namespace}_${name}_8000"}`;
  }
}

/** The arm's requests. @throws when they are missing. */
export function told(arm: ArmMeasurement): { requests: number; failed: number } {
  const found = shareOf(arm, 'error-rate');
  if ('missing' in found) throw new Error(`expected counts, found ${JSON.stringify(arm)}`);
  return { requests: found.total, failed: found.bad };
}

/** The window that began then. */
export function windowSince(ms: number): number {
  return Date.now() - ms;
}

/** Every request of the loads was measured, one more or less. */
export function expectCounts(found: Measured, ...reports: readonly LoadReport[]): void {
  for (const arm of ['stable', 'canary'] as const) {
    const sum = (what: 'sent' | 'failed') =>
      reports.reduce((total, it) => total + (it.arms[arm]?.[what] ?? 0), 0);
    const sent = { requests: sum('sent'), failed: sum('failed') };
    const { requests, failed } = told(found[arm]);
    const off = [requests - sent.requests, failed - sent.failed];
    const within = sent.requests > 20 && off.every((it) => Math.abs(it) <= 1);
    expect({ arm, sent, off, within }).toEqual({ arm, sent, off, within: true });
  }
}
