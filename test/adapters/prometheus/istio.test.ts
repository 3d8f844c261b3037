import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { istio } from '../../../src/adapters/prometheus/istio.ts';
import type { Count } from '../../../src/adapters/prometheus/source.ts';
import { histogram, line, ScrapedPage } from './scraped-page.ts';
import { metricsPlan } from '../../support/plans.ts';
import { targetOf } from './targets.ts';

const answered = (code: string, flags: string, value: number): Count => ({
  name: 'istio_requests_total',
  labels: { response_code: code, response_flags: flags },
  value,
});

describe('istio: what fails', () => {
  test.each([
    { name: 'nothing', counts: [], requests: 0, failed: 0 },
    {
      name: '4xx are the client’s',
      counts: [answered('200', '-', 90), answered('429', '-', 10)],
      requests: 100,
      failed: 0,
    },
    {
      name: '5xx of pods and of Envoy',
      counts: [answered('200', '-', 90), answered('500', '-', 4), answered('503', 'UF,URX', 6)],
      requests: 100,
      failed: 10,
    },
    ...['UC', 'UR', 'UPE', 'UT', 'LR', 'SI', 'UMSDR'].map((flag) => ({
      name: `cut off in the answer (${flag})`,
      counts: [answered('200', '-', 93), answered('200', flag, 7)],
      requests: 100,
      failed: 7,
    })),
    {
      name: 'cut off before it, which is a 5xx already',
      counts: [answered('200', '-', 93), answered('503', 'UC', 7)],
      requests: 100,
      failed: 7,
    },
    {
      name: 'clients that left in the answer',
      counts: [answered('200', '-', 93), answered('200', 'DC', 5), answered('200', 'DR', 2)],
      requests: 100,
      failed: 0,
    },
    {
      name: 'clients that left as the answer broke',
      counts: [answered('200', '-', 99), answered('200', 'UT,DC', 1)],
      requests: 100,
      failed: 0,
    },
    {
      name: 'clients that left before the answer, which are no requests',
      counts: [answered('200', '-', 93), answered('0', 'DC', 7)],
      requests: 93,
      failed: 0,
    },
    {
      name: 'flags of an answer that is whole',
      counts: [answered('200', 'DI', 90), answered('403', 'UAEX', 5), answered('429', 'RL', 5)],
      requests: 100,
      failed: 0,
    },
  ])('$name: $failed of $requests', ({ counts, requests, failed }) => {
    expect(istio(metricsPlan()).read(counts, ['error-rate'], 'canary')).toEqual({
      'error-rate': { bad: failed, total: requests },
    });
  });

  test.each([
    { failing: ['4xx', '5xx'], failed: 12 },
    { failing: ['429', '5xx'], failed: 11 },
    { failing: ['503'], failed: 5 },
    // The class has it already.
    { failing: ['4xx', '429'], failed: 9 },
  ])('$failing are failures, and streams that broke always: $failed of 100', ({ failing, failed }) => {
    const good = [answered('200', '-', 88), answered('404', '-', 1), answered('429', '-', 5)];
    const bad = [answered('500', '-', 1), answered('503', 'UH', 2), answered('200', 'UC', 3)];
    expect(istio(metricsPlan({ failing })).read([...good, ...bad], ['error-rate'], 'canary')).toEqual({
      'error-rate': { bad: failed, total: 100 },
    });
  });

  test('only answers that are whole and the pods’ have a latency', () => {
    const bucket = (flags: string, le: string, value: number): Count => ({
      name: 'istio_request_duration_milliseconds_bucket',
      labels: { response_code: '200', response_flags: flags, le },
      value,
    });
    const counts = [bucket('-', '2500', 4), bucket('-', '+Inf', 5), bucket('UC', '2500', 9)];
    const buckets = [
      { upTo: 2.5, count: 4 },
      { upTo: null, count: 5 },
    ];
    expect(istio(metricsPlan()).read(counts, ['e2e-latency'], 'canary')).toEqual({
      'e2e-latency': { buckets },
    });
  });

  test('only what was asked for is queried', () => {
    const { counters } = istio(metricsPlan()).select(targetOf('llm'), ['error-rate']);
    expect(counters).toContain('__name__=~"istio_requests_total"');
  });
});

/** The labels of a request that the ingress gateway sent to a Service, as Istio 1.30 writes them. */
const fromGateway = (namespace: string, service: string, code: string, flags: string) => ({
  reporter: 'source',
  source_workload: 'llm-gateway-istio',
  source_canonical_service: 'llm-gateway-istio',
  source_canonical_revision: 'latest',
  source_workload_namespace: 'gateways',
  source_principal: 'spiffe://cluster.local/ns/gateways/sa/llm-gateway-istio',
  source_app: 'unknown',
  source_version: 'unknown',
  source_cluster: 'Kubernetes',
  destination_workload: service,
  destination_workload_namespace: namespace,
  destination_principal: `spiffe://cluster.local/ns/${namespace}/sa/default`,
  destination_app: service,
  destination_version: 'unknown',
  destination_service: `${service}.${namespace}.svc.cluster.local`,
  destination_canonical_service: service,
  destination_canonical_revision: 'latest',
  destination_service_name: service,
  destination_service_namespace: namespace,
  destination_cluster: 'Kubernetes',
  request_protocol: 'http',
  response_code: code,
  grpc_response_status: '',
  response_flags: flags,
  connection_security_policy: 'unknown',
});

describe('istio: counted by a Prometheus', () => {
  let page: ScrapedPage;

  beforeAll(async () => {
    page = await ScrapedPage.deploy('istio');
  });
  afterAll(() => page.remove(), 60_000);

  const requests = (service: string, code: string, flags: string, value: number, changed: object = {}) =>
    line('istio_requests_total', { ...fromGateway(page.namespace, service, code, flags), ...changed }, value);
  const took = (service: string, flags: string, below: Record<string, number>, count: number) =>
    histogram(
      'istio_request_duration_milliseconds',
      fromGateway(page.namespace, service, '200', flags),
      below,
      count,
    );
  const types = '# TYPE istio_requests_total counter\n# TYPE istio_request_duration_milliseconds histogram';

  const before = () => [
    requests('vllm', '200', '-', 1000),
    requests('vllm', '503', 'UC', 40),
    ...took('vllm', '-', { 500: 700, 1000: 900, 2500: 1000 }, 1000),
  ];
  const after = () => [
    requests('vllm', '200', '-', 1180),
    requests('vllm', '503', 'UC', 41),
    requests('vllm', '200', 'UC', 2),
    requests('vllm', '429', '-', 7),
    ...took('vllm', '-', { 500: 820, 1000: 1060, 2500: 1180 }, 1180),
    requests('vllm-canary', '200', '-', 16),
    requests('vllm-canary', '500', '-', 3),
    requests('vllm-canary', '429', '-', 2),
    requests('vllm-canary', '503', 'UF', 1),
    requests('vllm-canary', '200', 'UPE', 4),
    requests('vllm-canary', '200', 'DC', 5),
    requests('vllm-canary', '0', 'DC', 6),
    ...took('vllm-canary', '-', { 500: 2, 1000: 9, 2500: 15 }, 16),
    ...took('vllm-canary', 'UPE', { 500: 4, 1000: 4, 2500: 4 }, 4),
  ];
  /** Whatever is not the gateway's view of these two Services' HTTP requests. */
  const foreign = () => [
    ...['vllm', 'vllm-canary'].flatMap((service) => [
      requests(service, '500', '-', 400, { reporter: 'destination' }),
      requests(service, '500', '-', 500, { reporter: 'waypoint' }),
      requests(service, '200', '-', 600, { request_protocol: 'grpc', grpc_response_status: '14' }),
      requests(service, '500', '-', 700, { destination_service_namespace: 'another' }),
    ]),
    requests('vllm-canary-2', '500', '-', 800),
    requests('my-vllm', '500', '-', 900),
  ];
  const text = (...lines: readonly string[][]) => [types, ...lines.flat()].join('\n');

  test('each arm’s requests, failures and latency, and nobody else’s', async () => {
    const startMs = await page.show(text(before()));
    await page.show(text(after(), foreign()));
    const stable = [120, 160, 180, 180];
    const canary = [2, 9, 15, 16];
    const buckets = (counts: readonly number[]) =>
      [0.5, 1, 2.5, null].map((upTo, index) => ({ upTo, count: counts[index] }));
    expect(await page.since(startMs, 'istio')).toEqual({
      kind: 'measured',
      stable: { 'error-rate': { bad: 3, total: 190 }, 'e2e-latency': { buckets: buckets(stable) } },
      canary: { 'error-rate': { bad: 8, total: 31 }, 'e2e-latency': { buckets: buckets(canary) } },
    });
    expect(await page.since(startMs, 'istio', ['5xx', '429'])).toMatchObject({
      stable: { 'error-rate': { bad: 10, total: 190 } },
      canary: { 'error-rate': { bad: 10, total: 31 } },
    });
  });

  test('a proxy that began anew takes no request along', async () => {
    const startMs = await page.show(text(after()));
    await page.show(text([requests('vllm', '200', '-', 30), requests('vllm-canary', '500', '-', 2)]));
    expect(await page.since(startMs, 'istio')).toMatchObject({
      stable: { 'error-rate': { bad: 0, total: 30 } },
      canary: { 'error-rate': { bad: 2, total: 2 } },
    });
  });

  test('an arm whose flags are switched off is missing, never without broken streams', async () => {
    const startMs = await page.show(text([requests('vllm', '200', '-', 30)]));
    const unflagged = { ...fromGateway(page.namespace, 'vllm-canary', '200', '-') };
    Reflect.deleteProperty(unflagged, 'response_flags');
    await page.show(text([requests('vllm', '200', '-', 40), line('istio_requests_total', unflagged, 9)]));
    expect(await page.since(startMs, 'istio')).toMatchObject({
      stable: { 'error-rate': { bad: 0, total: 10 } },
      canary: { 'error-rate': { missing: expect.stringContaining('istio_requests_total') } },
    });
  });
});
