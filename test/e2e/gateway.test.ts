import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CoreV1Api } from '@kubernetes/client-node';
import { restartPods } from '../../dev/cluster/restart.ts';
import { setWeights } from '../../dev/cluster/route.ts';
import { waitFor, waitForDeployment } from '../../dev/cluster/wait.ts';
import { runLoad, startLoad } from '../../dev/load/run.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { queryPrometheus, type Sample } from '../support/prometheus.ts';
import { sendMany } from '../support/requests.ts';
import { testAddresses } from '../support/test-platform.ts';

/** Two-sided 99.9 % point of the normal distribution, close to the binomial's for 10,000 requests. */
const z999 = 3.2905;

describe('traffic through the gateway', () => {
  let service: ServiceUnderTest;
  const { PROMETHEUS_URL } = testAddresses();

  beforeAll(async () => {
    service = await deployService('gateway');
  });
  afterAll(() => service.remove(), 120_000);

  test('a request through Envoy reaches a pod', async () => {
    const { arms, statuses } = await sendMany(service.gateway, service.host, 50);
    expect(statuses).toEqual({ 200: 50 });
    expect(arms).toEqual({ stable: 50 });
  });

  test('a 90/10 HTTPRoute splits 10,000 requests inside the 99.9 % binomial band', async () => {
    const route = { namespace: service.namespace, name: 'llm' };
    await setWeights(service.cluster.objects, route, { vllm: 90, 'vllm-canary': 10 });
    await waitFor('the gateway to obey', async () => {
      const { arms } = await sendMany(service.gateway, service.host, 50);
      return (arms['canary'] ?? 0) > 0 ? true : undefined;
    });
    const count = 10_000;
    const { arms, statuses } = await sendMany(service.gateway, service.host, count);
    expect(statuses).toEqual({ 200: count });
    const band = z999 * Math.sqrt(count * 0.1 * 0.9);
    expect(arms['canary']).toBeGreaterThan(count * 0.1 - band);
    expect(arms['canary']).toBeLessThan(count * 0.1 + band);
  });

  test('Prometheus has the series of vLLM for each pod, with the pod’s labels', async () => {
    await expectSeries(`vllm:num_requests_running{namespace="${service.namespace}"}`, (found) => {
      const apps = found.map((it) => it.labels['app']).sort();
      const pods = new Set(found.map((it) => it.labels['pod']));
      return apps.join() === 'vllm,vllm,vllm-canary' && pods.size === 3;
    });
  });

  test('Prometheus has Envoy’s counters for each backend', async () => {
    for (const backend of ['vllm', 'vllm-canary']) {
      const cluster = `${service.namespace}_${backend}_8000`;
      await expectSeries(
        `sum(envoy_cluster_upstream_rq_total{envoy_cluster_name="${cluster}"})`,
        ([sample]) => {
          return (sample?.value ?? 0) > 0;
        },
      );
    }
  });

  test('weights move under load, and pods go, and no request is dropped', async () => {
    const { namespace, host, gateway, cluster } = service;
    const route = { namespace, name: 'llm' };
    const load = startLoad({ url: gateway, headers: { host }, model: 'llama', ratePerSecond: 50 });
    const answeredBy = (arm: string) => load.snapshot().arms[arm]?.good ?? 0;
    for (const weight of [10, 50, 100]) {
      const before = answeredBy('canary');
      await setWeights(cluster.objects, route, { vllm: 100 - weight, 'vllm-canary': weight });
      const more = () => Promise.resolve(answeredBy('canary') >= before + 5 ? true : undefined);
      await waitFor(`the canary to answer at ${weight} %`, more, { timeoutMs: 20_000 });
    }
    await setWeights(cluster.objects, route, { vllm: 100 });
    // A rolling restart of stable while it serves everything.
    await restartPods(cluster.config, namespace, 'vllm');
    await waitForDeployment(cluster.config, namespace, 'vllm');
    const core = cluster.config.makeApiClient(CoreV1Api);
    const oldPodsGone = async () => {
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'app=vllm' });
      return items.length === 2 ? true : undefined;
    };
    await waitFor('the old pods to be gone', oldPodsGone);
    const { sent, total, examples } = await load.stop();
    expect({ failed: total.failed, examples }).toEqual({ failed: 0, examples: {} });
    expect(total.good).toBe(sent);
  });

  test('an admin call makes one arm fail, and only that arm is seen to fail', async () => {
    const { namespace, host, gateway, cluster } = service;
    const core = cluster.config.makeApiClient(CoreV1Api);
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'app=vllm-canary' });
    const change = {
      body: '{"errors":{"http500PerThousand":1000}}',
      headers: { 'content-type': 'application/json' },
    };
    const answer = await fetch(`http://${items[0]?.status?.podIP ?? ''}:8001/behaviour`, {
      method: 'PATCH',
      ...change,
    });
    expect(answer.status).toBe(200);
    await setWeights(cluster.objects, { namespace, name: 'llm' }, { vllm: 50, 'vllm-canary': 50 });
    await waitFor('the gateway to obey', async () => {
      const { arms } = await sendMany(gateway, host, 20);
      return (arms['canary'] ?? 0) > 0 ? true : undefined;
    });
    const options = { url: gateway, headers: { host }, model: 'llama', ratePerSecond: 50, durationMs: 3000 };
    const { arms } = await runLoad(options);
    expect(arms['stable']).toMatchObject({ failed: 0 });
    expect(arms['canary']).toMatchObject({ good: 0, failures: { status_500: arms['canary']?.sent } });
  });

  async function expectSeries(expression: string, good: (found: Sample[]) => boolean): Promise<void> {
    let found: Sample[] = [];
    const look = async () => {
      found = await queryPrometheus(PROMETHEUS_URL, expression);
      return good(found) ? found : undefined;
    };
    const seen = () => JSON.stringify(found);
    expect(
      await waitFor(`Prometheus to answer ${expression}`, look, { timeoutMs: 15_000, seen }),
    ).toBeDefined();
  }
});
