import { randomBytes } from 'node:crypto';
import { CoreV1Api, type KubernetesObject } from '@kubernetes/client-node';
import { applyObjects, deleteObject, openCluster } from '../../../dev/cluster/objects.ts';
import { waitFor } from '../../../dev/cluster/wait.ts';
import { PrometheusClient } from '../../../src/adapters/prometheus/client.ts';
import { PrometheusMetrics } from '../../../src/adapters/prometheus/prometheus-metrics.ts';
import { measuredOver, type Measurement } from '../../../src/domain/analysis/measurement.ts';
import type { MetricName } from '../../../src/domain/metrics/metrics.ts';
import type { MetricsPlan } from '../../../src/domain/plan/metrics-plan.ts';
import { queryPrometheus } from '../../support/prometheus.ts';
import { testAddresses } from '../../support/test-platform.ts';
import { metricsPlan } from '../../support/plans.ts';
import { targetOf } from './targets.ts';

/** Answers a GET with what the last PUT brought. */
const program = `let page = '';
  require('http').createServer(async (request, response) => {
    if (request.method !== 'PUT') return response.setHeader('content-type', 'text/plain; version=0.0.4').end(page);
    page = Buffer.concat(await request.toArray()).toString(); response.end();
  }).listen(8000); process.on('SIGTERM', () => process.exit(0));`;

/** Of the test's own, to know which page was scraped. */
const version = 'sluice_test_page';

/** A pod with a page of counters that the test writes, such as a gateway has, and that Prometheus scrapes. */
export class ScrapedPage {
  readonly namespace: string;
  readonly #cluster = openCluster(testAddresses().KUBECONFIG);
  readonly #metrics = new PrometheusMetrics(new PrometheusClient());
  readonly #prometheus = testAddresses().PROMETHEUS_URL;
  #url = '';
  #version = 0;

  private constructor(purpose: string) {
    this.namespace = `${purpose}-${randomBytes(3).toString('hex')}`;
  }

  static async deploy(purpose: string): Promise<ScrapedPage> {
    const page = new ScrapedPage(purpose);
    await page.#deploy();
    return page;
  }

  remove(): Promise<void> {
    const metadata = { name: this.namespace };
    return deleteObject(this.#cluster.objects, { apiVersion: 'v1', kind: 'Namespace', metadata });
  }

  /** Writes the page, waits until it was scraped, and tells when that was. */
  async show(page: string): Promise<number> {
    this.#version += 1;
    const body = `${page}\n# TYPE ${version} gauge\n${version} ${this.#version}\n`;
    await fetch(this.#url, { method: 'PUT', body });
    await waitFor('the page to be scraped', async () => {
      const found = await this.query(`${version}{namespace="${this.namespace}"}`);
      return found[0]?.value === this.#version ? true : undefined;
    });
    return Date.now();
  }

  /** What the source says of both arms since then. */
  since(
    ms: number,
    source: MetricsPlan['source'],
    failing: readonly string[] = ['5xx'],
  ): Promise<Measurement> {
    return this.measure(ms, ['error-rate', 'e2e-latency'], { source, failing });
  }

  /** What Prometheus says of these metrics since then. */
  async measure(
    sinceMs: number,
    names: readonly MetricName[],
    changes: Parameters<typeof metricsPlan>[0],
  ): Promise<Measurement> {
    const plan = metricsPlan({ ...changes, url: this.#prometheus });
    const windowMs = Date.now() - sinceMs;
    const look = { names, windowsMs: [windowMs] };
    const signal = new AbortController().signal;
    const found = await this.#metrics.measure(plan, targetOf(this.namespace), look, signal);
    return measuredOver(found, windowMs);
  }

  query(expression: string) {
    return queryPrometheus(this.#prometheus, expression);
  }

  async #deploy(): Promise<void> {
    const { namespace } = this;
    await applyObjects(this.#cluster.objects, [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      pod(namespace),
    ]);
    const core = this.#cluster.config.makeApiClient(CoreV1Api);
    this.#url = await waitFor('the pod with the page', async () => {
      const { status } = await core.readNamespacedPod({ namespace, name: 'page' });
      const ip = status?.containerStatuses?.[0]?.state?.running && status.podIP;
      return ip === undefined ? undefined : `http://${ip}:8000`;
    });
    await waitFor('the page to answer', () =>
      fetch(this.#url).then(
        () => true,
        () => undefined,
      ),
    );
  }
}

function pod(namespace: string): KubernetesObject {
  const annotations = {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '8000',
    'prometheus.io/path': '/metrics',
  };
  const container = {
    name: 'page',
    image: 'localhost/sluice/vllm-standin:1',
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '-e', program],
    resources: { requests: { cpu: '10m', memory: '32Mi' } },
  };
  const spec = { terminationGracePeriodSeconds: 1, containers: [container] };
  const metadata = { name: 'page', namespace, annotations };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec } as KubernetesObject;
}

/** One line of the exposition format. */
export function line(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  return `${name}{${pairs.join(',')}} ${value}`;
}

/** A classic histogram of so many requests below each bound, and so many in all. */
export function histogram(
  name: string,
  labels: Readonly<Record<string, string>>,
  below: Readonly<Record<string, number>>,
  count: number,
): string[] {
  const bucket = (le: string, value: number) => line(`${name}_bucket`, { ...labels, le }, value);
  return [
    ...Object.entries(below).map(([le, value]) => bucket(le, value)),
    bucket('+Inf', count),
    line(`${name}_count`, labels, count),
  ];
}
