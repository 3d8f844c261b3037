import { randomBytes } from 'node:crypto';
import type { KubernetesObject } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { applyObjects, deleteObject, openCluster } from '../../../dev/cluster/objects.ts';
import { waitFor, waitForDeployment } from '../../../dev/cluster/wait.ts';
import type { Measurement } from '../../../src/domain/analysis/measurement.ts';
import type { MetricName } from '../../../src/domain/metrics/metrics.ts';
import type { CustomMetricPlan } from '../../../src/domain/plan/metrics-plan.ts';
import { createMetrics } from '../../../src/worker/measure.ts';
import { metricsPlan } from '../../support/plans.ts';
import { testAddresses } from '../../support/test-platform.ts';
import { targetOf } from './targets.ts';

const { KUBECONFIG, PROMETHEUS_URL: url } = testAddresses();
const never = new AbortController().signal;
const windowMs = 10_000;

/** A pod that tells of the GPUs of others, as DCGM's exporter does; the platform's Prometheus keeps its own labels. */
describe('values from a real Prometheus', () => {
  const namespace = `values-${randomBytes(3).toString('hex')}`;
  const { config, objects } = openCluster(KUBECONFIG);

  beforeAll(async () => {
    await applyObjects(objects, exporter(namespace));
    await waitForDeployment(config, namespace, 'dcgm-exporter');
  });
  afterAll(() =>
    deleteObject(objects, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
  );

  const measure = async (names: readonly MetricName[], custom: readonly CustomMetricPlan[] = []) => {
    const plan = metricsPlan({ url, custom });
    const look = { names, windowsMs: [windowMs] };
    return (await createMetrics(null).measure(plan, targetOf(namespace), look, never)).get(windowMs);
  };
  const scraped = () =>
    waitFor('the GPUs to be scraped', async () => {
      const found = await measure(['gpu-utilisation']);
      return found?.kind === 'measured' && 'value' in (found.canary['gpu-utilisation'] ?? {})
        ? found
        : undefined;
    });

  test('how busy the GPUs of each arm are', async () => {
    expect(await scraped()).toMatchObject({
      stable: { 'gpu-utilisation': { value: 0.7 } },
      canary: { 'gpu-utilisation': { value: 0.25 } },
    });
  });

  test('a person’s own queries', async () => {
    await scraped();
    const of = (pod: string) =>
      `DCGM_FI_DEV_POWER_USAGE{exported_pod=~"${pod}",exported_namespace="${namespace}"}`;
    const stable = of('vllm-5.*');
    const found: Measurement | undefined = await measure(
      ['custom/power', 'custom/each', 'custom/none', 'custom/broken', 'custom/number'],
      [
        {
          name: 'power',
          prometheus: {
            stable: `avg(avg_over_time(${stable}[$window]))`,
            canary: `avg(avg_over_time(${of('vllm-canary-.*')}[$window]))`,
          },
        },
        { name: 'each', prometheus: { stable: 'vector(1)', canary: stable } },
        { name: 'none', prometheus: { stable: 'vector(1)', canary: of('nobody') } },
        { name: 'broken', prometheus: { stable: '0/0', canary: 'sum(' } },
        { name: 'number', prometheus: { stable: '1', canary: '2' } },
      ],
    );
    expect(found).toMatchObject({
      kind: 'measured',
      stable: {
        'custom/power': { value: 300 },
        'custom/broken': { missing: 'the value is NaN' },
        'custom/number': { value: 1 },
      },
      canary: {
        'custom/power': { value: 100 },
        'custom/each': { failed: 'Prometheus: the query answers 2 samples, exactly one is needed' },
        'custom/none': { missing: 'Prometheus: the query answers nothing' },
        'custom/broken': { failed: expect.stringContaining('HTTP 400, bad_data') },
        'custom/number': { value: 2 },
      },
    });
  });
});

function exporter(namespace: string): KubernetesObject[] {
  const gauge = (name: string, pod: string, value: number) =>
    `${name}{gpu="0",namespace="${namespace}",pod="${pod}",container="vllm"} ${value}\n`;
  const text = [
    gauge('DCGM_FI_DEV_GPU_UTIL', 'vllm-5d4f8c7b9-x7k2p', 80),
    gauge('DCGM_FI_DEV_GPU_UTIL', 'vllm-5d4f8c7b9-b9c7d', 60),
    gauge('DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'vllm-canary-7c9d8f6b5-q4w8z', 0.25),
    gauge('DCGM_FI_DEV_POWER_USAGE', 'vllm-5d4f8c7b9-x7k2p', 350),
    gauge('DCGM_FI_DEV_POWER_USAGE', 'vllm-5d4f8c7b9-b9c7d', 250),
    gauge('DCGM_FI_DEV_POWER_USAGE', 'vllm-canary-7c9d8f6b5-q4w8z', 100),
  ].join('');
  const program =
    `require('http').createServer((_, response) => { response.setHeader('content-type', 'text/plain; version=0.0.4');` +
    ` response.end(${JSON.stringify(text)}); }).listen(9400); process.on('SIGTERM', () => process.exit(0));`;
  const labels = { app: 'dcgm-exporter' };
  const container = {
    ...{ name: 'exporter', image: 'localhost/sluice/vllm-standin:1', imagePullPolicy: 'IfNotPresent' },
    ...{ command: ['node', '-e', program], resources: { requests: { cpu: '10m', memory: '32Mi' } } },
  };
  const annotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9400' };
  const spec = { terminationGracePeriodSeconds: 1, containers: [container] };
  const template = { metadata: { labels, annotations }, spec };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'dcgm-exporter', namespace } },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    } as KubernetesObject,
  ];
}
