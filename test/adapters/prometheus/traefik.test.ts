import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Count } from '../../../src/adapters/prometheus/source.ts';
import { traefik } from '../../../src/adapters/prometheus/traefik.ts';
import { histogram, line, ScrapedPage } from './scraped-page.ts';
import { metricsPlan } from '../../support/plans.ts';
import { targetOf } from './targets.ts';

const answered = (code: string, value: number): Count => ({
  name: 'traefik_service_requests_total',
  labels: { code },
  value,
});

describe('traefik: what fails', () => {
  const counts = [
    ...[answered('200', 80), answered('404', 2), answered('429', 8)],
    ...[answered('500', 1), answered('502', 3), answered('504', 6)],
    // Clients that left before the answer.
    answered('499', 5),
  ];
  test.each([
    { failing: ['5xx'], failed: 10, requests: 100 },
    { failing: ['4xx', '5xx'], failed: 20, requests: 100 },
    { failing: ['5xx', '429'], failed: 18, requests: 100 },
    { failing: ['502'], failed: 3, requests: 100 },
    // The class has it already.
    { failing: ['4xx', '429'], failed: 10, requests: 100 },
    { failing: ['5xx', '499'], failed: 15, requests: 105 },
  ])('$failing: $failed of $requests', ({ failing, failed, requests }) => {
    expect(traefik(metricsPlan({ failing })).read(counts, ['error-rate'], 'canary')).toEqual({
      'error-rate': { bad: failed, total: requests },
    });
  });

  test('clients that left before the answer have no latency', () => {
    const bucket = (code: string, le: string, value: number): Count => ({
      name: 'traefik_service_request_duration_seconds_bucket',
      labels: { code, le },
      value,
    });
    const all = [bucket('200', '1.2', 4), bucket('200', '+Inf', 5), bucket('499', '1.2', 9)];
    const buckets = [
      { upTo: 1.2, count: 4 },
      { upTo: null, count: 5 },
    ];
    expect(traefik(metricsPlan()).read(all, ['e2e-latency'], 'canary')).toEqual({
      'e2e-latency': { buckets },
    });
  });
});

/** How the Gateway API provider of Traefik 3.7.9 names the service of a rule's backend. */
const ofRule = (namespace: string, service: string, route = 'llm', rule = '0-af329269dd38031b03e3') =>
  `httproute-${namespace}-${route}-gw-gateways-public-ep-websecure-${rule}-svc-${namespace}-${service}-0@kubernetesgateway`;
/** And that of 3.6. */
const ofBackend = (namespace: string, service: string, port = 8000) =>
  `${namespace}-${service}-http-${port}@kubernetesgateway`;

describe('traefik: whose services these are', () => {
  const { arms } = traefik(metricsPlan()).select(targetOf('llm'), ['error-rate']);
  const armOf = (service: string) =>
    (['stable', 'canary'] as const).filter((arm) => new RegExp(`^(?:${arms[arm]})$`).test(service));

  test.each([
    [ofRule('llm', 'vllm'), ['stable']],
    [ofRule('llm', 'vllm-canary'), ['canary']],
    // A further rule of the same route, as for a header that leads to the canary.
    [ofRule('llm', 'vllm-canary', 'llm', '1-0123456789abcdef0123'), ['canary']],
    [ofBackend('llm', 'vllm'), ['stable']],
    [ofBackend('llm', 'vllm-canary'), ['canary']],
    [ofRule('llm', 'vllm', 'another'), []],
    [ofRule('other', 'vllm'), []],
    [ofRule('llm', 'my-svc-llm-vllm'), []],
    [ofRule('llm', 'vllm-canary-2'), []],
    [ofRule('llm', 'vllm').replace('@kubernetesgateway', '@kubernetescrd'), []],
    [ofRule('llm', 'vllm').replace(/-svc-.*@/, '-wrr@'), []],
    [ofBackend('llm', 'vllm', 9000), []],
    [ofBackend('other', 'vllm'), []],
  ])('%s: %j', (service, expected) => {
    expect(armOf(service)).toEqual(expected);
  });

  test('dots and doubled dashes of names become dashes where Traefik makes them so', () => {
    const target = targetOf('llm', 'my--vllm');
    const selected = traefik(metricsPlan()).select(
      { ...target, router: { kind: 'HTTPRoute', name: 'llm.v1' } },
      ['error-rate'],
    );
    const pattern = new RegExp(`^(?:${selected.arms.stable})$`);
    expect(pattern.test(ofRule('llm', 'my--vllm', 'llm-v1'))).toBe(true);
    expect(pattern.test(ofBackend('llm', 'my-vllm'))).toBe(true);
  });
});

describe('traefik: counted by a Prometheus', () => {
  let page: ScrapedPage;

  beforeAll(async () => {
    page = await ScrapedPage.deploy('traefik');
  });
  afterAll(() => page.remove(), 60_000);

  const labelsOf = (service: string, code: string, protocol = 'http') => ({
    code,
    method: 'POST',
    protocol,
    service,
  });
  const requests = (service: string, code: string, value: number, protocol?: string) =>
    line('traefik_service_requests_total', labelsOf(service, code, protocol), value);
  const took = (service: string, code: string, below: Record<string, number>, count: number) =>
    histogram('traefik_service_request_duration_seconds', labelsOf(service, code), below, count);
  const types =
    '# HELP traefik_service_requests_total How many HTTP requests processed on a service, partitioned by status code, protocol, and method.\n' +
    '# TYPE traefik_service_requests_total counter\n# TYPE traefik_service_request_duration_seconds histogram';
  const text = (...lines: readonly string[][]) => [types, ...lines.flat()].join('\n');

  test.each([
    { version: '3.7.9', name: ofRule },
    { version: '3.6', name: (namespace: string, service: string) => ofBackend(namespace, service) },
  ])('Traefik $version: each arm’s requests, failures and latency, and nobody else’s', async ({ name }) => {
    const stable = name(page.namespace, 'vllm');
    const canary = name(page.namespace, 'vllm-canary');
    const startMs = await page.show(
      text(
        [requests(stable, '200', 1000), requests(stable, '502', 40)],
        took(stable, '200', { '0.3': 100, '1.2': 800, '5': 1000 }, 1000),
      ),
    );
    await page.show(
      text(
        [requests(stable, '200', 1180), requests(stable, '502', 43), requests(stable, '429', 7)],
        [requests(stable, '200', 5, 'sse'), requests(stable, '499', 9)],
        took(stable, '200', { '0.3': 110, '1.2': 930, '5': 1170 }, 1180),
        [requests(canary, '200', 16), requests(canary, '500', 3), requests(canary, '429', 2)],
        took(canary, '200', { '0.3': 1, '1.2': 9, '5': 15 }, 16),
        took(canary, '500', { '0.3': 3, '1.2': 3, '5': 3 }, 3),
        took(canary, '499', { '0.3': 8, '1.2': 8, '5': 8 }, 8),
        // Nobody's of these two: gRPC, another namespace, other Services, the entry point's and the router's view.
        [requests(stable, '14', 500, 'grpc'), requests(canary, '2', 500, 'grpc-web')],
        [requests(name('another', 'vllm'), '500', 600), requests(name('another', 'vllm-canary'), '500', 600)],
        [requests(name(page.namespace, 'vllm-canary-2'), '500', 700)],
        [requests('api@internal', '500', 800)],
        [line('traefik_router_requests_total', { ...labelsOf(canary, '500'), router: 'llm' }, 900)],
      ),
    );
    const buckets = (counts: readonly number[]) =>
      [0.3, 1.2, 5, null].map((upTo, index) => ({ upTo, count: counts[index] }));
    expect(await page.since(startMs, 'traefik')).toEqual({
      kind: 'measured',
      stable: {
        'error-rate': { bad: 3, total: 195 },
        'e2e-latency': { buckets: buckets([10, 130, 170, 180]) },
      },
      canary: {
        'error-rate': { bad: 3, total: 21 },
        'e2e-latency': { buckets: buckets([4, 12, 18, 19]) },
      },
    });
    expect(await page.since(startMs, 'traefik', ['4xx', '5xx'])).toMatchObject({
      stable: { 'error-rate': { bad: 10, total: 195 } },
      canary: { 'error-rate': { bad: 5, total: 21 } },
    });
  });

  test('services that get new names with a change of the route begin at zero', async () => {
    const before = ofRule(page.namespace, 'vllm-canary');
    const after = ofRule(page.namespace, 'vllm-canary', 'llm', '1-0123456789abcdef0123');
    const startMs = await page.show(text([requests(before, '200', 50), requests(before, '500', 1)]));
    await page.show(
      text([requests(before, '200', 54), requests(before, '500', 1), requests(after, '500', 2)]),
    );
    await page.show(text([requests(after, '200', 10), requests(after, '500', 3)]));
    expect(await page.since(startMs, 'traefik')).toMatchObject({
      canary: { 'error-rate': { bad: 3, total: 17 } },
    });
  });

  test('an arm without a request yet is missing, never zero', async () => {
    const stable = ofRule(page.namespace, 'vllm');
    const startMs = await page.show(text([requests(stable, '200', 5)]));
    await page.show(text([requests(stable, '200', 6)]));
    expect(await page.since(startMs, 'traefik')).toMatchObject({
      stable: { 'error-rate': { bad: 0, total: 1 } },
      canary: {
        'error-rate': { missing: expect.stringMatching(/^the canary has no series among traefik_/) },
      },
    });
  });
});
