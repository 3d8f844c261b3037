import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppsV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { waitFor } from '../../../dev/cluster/wait.ts';
import type { LoadReport } from '../../../dev/load/report.ts';
import { histogramOf, shareOf } from '../../../src/domain/analysis/measurement.ts';
import { countOf, quantile } from '../../../src/domain/analysis/quantile.ts';
import { expectCounts, MeasuredService, told, windowSince } from './measured-service.ts';

/** What Prometheus says about the platform's pods and its gateway, against what the load generator counted. */
describe('counting requests', () => {
  let subject: MeasuredService;
  /** The first requests that either arm got. */
  const sent: LoadReport[] = [];
  const firstMs = () => Date.parse(sent[0]?.startedAt ?? '');

  beforeAll(async () => {
    subject = await MeasuredService.deploy('counts');
  });
  afterAll(() => subject.service.remove(), 120_000);

  test('a canary that the gateway does not know yet is missing, never zero', async () => {
    const found = await subject.measure('envoy-contour', 10_000);
    // Before the first scrapes there is nothing of stable either.
    expect(found).toMatchObject({
      canary: { 'error-rate': { missing: expect.stringMatching(/vllm-canary|no series of either arm/) } },
    });
  });

  test.each(['envoy-contour', 'vllm'] as const)(
    '%s: counts the canary’s first requests, each one, and stable’s',
    async (source) => {
      await subject.splitTraffic();
      await subject.olderThan(10_000, source);
      sent.push(await subject.sendLoad());
      await subject.scrapedSince(Date.now(), source);
      expectCounts(await subject.measured(source, windowSince(firstMs())), ...sent);
    },
  );

  test.each([
    { source: 'envoy-contour', perSecond: 1000 },
    { source: 'vllm', perSecond: 1 },
  ] as const)('$source: reads the p99 that Prometheus reads', async ({ source, perSecond }) => {
    const complete = async () => {
      const { canary } = await subject.measured(source, windowSince(firstMs()));
      const found = histogramOf(canary, 'e2e-latency');
      const buckets = 'missing' in found ? [] : found.buckets;
      // Envoy brings its histograms up to date every five seconds.
      return countOf(buckets) === told(canary).requests ? buckets : undefined;
    };
    const latency = await waitFor('the histogram to have all requests', complete, {
      timeoutMs: 20_000,
    });
    const { namespace } = subject.service;
    const buckets = {
      'envoy-contour': `envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="${namespace}_vllm-canary_8000"}`,
      vllm: `vllm:e2e_request_latency_seconds_bucket{namespace="${namespace}",app="vllm-canary"}`,
    };
    const [theirs] = await subject.query(`histogram_quantile(0.99, sum by (le) (${buckets[source]}))`);
    expect((quantile(0.99, latency)?.value ?? NaN) * perSecond).toBeCloseTo(theirs?.value ?? NaN, 6);
  });

  test.each(['envoy-contour', 'vllm'] as const)(
    '%s: counts none in a window without requests',
    async (source) => {
      await subject.scrapedSince(Date.now() + 2500, source);
      const { stable, canary } = await subject.measured(source, 2000);
      for (const arm of [stable, canary]) expect(told(arm)).toEqual({ requests: 0, failed: 0 });
    },
  );

  test('vllm: streams that break after their first token fail, and no request fails twice', async () => {
    const startedMs = Date.now();
    await subject.behave('vllm-canary', { errors: { streamedPerThousand: 300 } });
    const report = await subject.sendLoad();
    await subject.scrapedSince(Date.now(), 'vllm');
    expectCounts(await subject.measured('vllm', windowSince(startedMs)), report);
    const { stream_error: streamed = 0, status_500: whole = 0 } = report.arms['canary']?.failures ?? {};
    expect(Math.min(streamed, whole)).toBeGreaterThan(0);
  });

  test.each([
    { source: 'envoy-contour', failing: ['5xx', '429'] },
    { source: 'vllm', failing: ['4xx', '5xx'] },
  ] as const)('$source: 429 are failures where the plan says so', async ({ source, failing }) => {
    // The test before this one has waited for the other source's scrape.
    await subject.scrapedSince(Date.now(), source);
    const startedMs = Date.now();
    await subject.behave('vllm-canary', { errors: { http429PerThousand: 300 } });
    const report = await subject.sendLoad();
    await subject.scrapedSince(Date.now(), source);
    // The load generator takes every answer but 2xx for a failure.
    expectCounts(await subject.measured(source, windowSince(startedMs), 'vllm', failing), report);
    expect(report.arms['canary']?.failures).toEqual({ status_429: report.arms['canary']?.failed });
    expect(told((await subject.measured(source, windowSince(startedMs))).canary).failed).toBe(0);
  });

  test('vllm: a canary that is not scraped any more is missing, and stable is not', async () => {
    const { cluster, namespace } = subject.service;
    await cluster.config.makeApiClient(AppsV1Api).patchNamespacedDeployment(
      {
        ...{ namespace, name: 'vllm-canary' },
        body: { spec: { template: { metadata: { annotations: { 'prometheus.io/scrape': 'false' } } } } },
      },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    const gone = async () => {
      const found = await subject.measured('vllm', 10_000);
      return 'missing' in shareOf(found.canary, 'error-rate') ? found : undefined;
    };
    const found = await waitFor('the canary’s series to end', gone);
    expect(found.canary['error-rate']).toEqual({ missing: 'the canary is not scraped any more' });
    expect(found.stable['error-rate']).not.toHaveProperty('missing');
  });
});
