import { describe, expect, test } from '@jest/globals';
import { envoyContour } from '../../../src/adapters/prometheus/envoy-contour.ts';
import type { Count } from '../../../src/adapters/prometheus/source.ts';
import { vllm } from '../../../src/adapters/prometheus/vllm.ts';
import { metricsPlan } from '../../support/plans.ts';
import { targetOf } from './targets.ts';

const count = (name: string, value: number, labels: Record<string, string> = {}): Count => ({
  name,
  labels,
  value,
});

describe('envoy-contour', () => {
  const answered = (digit: string, value: number) =>
    count('envoy_cluster_upstream_rq_xx', value, { envoy_response_code_class: digit });
  const broken = (value: number) => count('envoy_cluster_upstream_cx_protocol_error', value);
  const closedEarly = (value: number) =>
    count('envoy_cluster_upstream_cx_destroy_remote_with_active_rq', value);
  const timedOut = (value: number) => count('envoy_cluster_upstream_rq_timeout', value);
  const code504 = (value: number) =>
    count('envoy_cluster_upstream_rq', value, { envoy_response_code: '504' });

  test.each([
    { name: 'nothing', counts: [], requests: 0, failed: 0 },
    {
      name: '4xx are the client’s',
      counts: [answered('2', 90), answered('4', 10)],
      requests: 100,
      failed: 0,
    },
    {
      name: '5xx, whoever made them',
      counts: [answered('2', 90), answered('5', 10)],
      requests: 100,
      failed: 10,
    },
    {
      name: 'cut off in the answer: 2xx, broken, closed early',
      counts: [answered('2', 100), broken(7), closedEarly(7)],
      requests: 100,
      failed: 7,
    },
    {
      name: 'closed before the answer is in 5xx already',
      counts: [answered('2', 93), answered('5', 7), closedEarly(7)],
      requests: 100,
      failed: 7,
    },
    {
      name: 'an answer that is no HTTP is in 5xx already',
      counts: [answered('2', 93), answered('5', 7), broken(7)],
      requests: 100,
      failed: 7,
    },
    {
      name: 'a timeout before the answer is in 5xx already',
      counts: [answered('2', 93), answered('5', 7), timedOut(7), code504(7)],
      requests: 100,
      failed: 7,
    },
    { name: 'a timeout in the answer', counts: [answered('2', 100), timedOut(7)], requests: 100, failed: 7 },
    {
      name: 'streams that began before the window and broke in it',
      counts: [broken(3), closedEarly(3)],
      requests: 3,
      failed: 3,
    },
  ])('$name: $failed of $requests', ({ counts, requests, failed }) => {
    expect(envoyContour(metricsPlan()).read(counts, ['error-rate'], 'canary')).toEqual({
      'error-rate': { bad: failed, total: requests },
    });
  });

  test.each([
    { failing: ['4xx', '5xx'], failed: 10 },
    { failing: ['429', '5xx'], failed: 9 },
    { failing: ['503'], failed: 2 },
    // The class has them already.
    { failing: ['4xx', '429'], failed: 7 },
  ])('$failing are failures: $failed of 100', ({ failing, failed }) => {
    const ofCode = (code: string, value: number) =>
      count('envoy_cluster_upstream_rq', value, { envoy_response_code: code });
    const counts = [answered('2', 90), answered('4', 7), answered('5', 3)];
    const codes = [ofCode('429', 6), ofCode('503', 2), ofCode('504', 1)];
    // Of the timeouts one is a 504 already.
    expect(
      envoyContour(metricsPlan({ failing })).read(
        [...counts, ...codes, timedOut(1)],
        ['error-rate'],
        'canary',
      ),
    ).toEqual({
      'error-rate': { bad: failed, total: 100 },
    });
  });

  test('asks for single statuses only where no class has them, and for timeouts always', () => {
    const { counters } = envoyContour(metricsPlan({ failing: ['5xx', '429', '503'] })).select(
      targetOf('llm'),
      ['error-rate'],
    );
    expect(counters).toContain('envoy_response_code=~"|504|429"');
  });

  test('buckets are in milliseconds there, in seconds here, and rise', () => {
    const bucket = (le: string, value: number) =>
      count('envoy_cluster_upstream_rq_time_bucket', value, { le });
    const counts = [bucket('+Inf', 9), bucket('1000', 8), bucket('0.5', 1), bucket('25', 4)];
    const buckets = [
      { upTo: 0.0005, count: 1 },
      { upTo: 0.025, count: 4 },
      { upTo: 1, count: 8 },
      { upTo: null, count: 9 },
    ];
    expect(envoyContour(metricsPlan()).read(counts, ['e2e-latency'], 'canary')).toEqual({
      'e2e-latency': { buckets },
    });
  });

  test('arms are Contour’s names of the Services', () => {
    expect(envoyContour(metricsPlan()).select(targetOf('llm'), ['error-rate']).arms).toEqual({
      stable: 'llm_vllm_8000',
      canary: 'llm_vllm-canary_8000',
    });
  });
});

describe('vllm', () => {
  const answered = (status: string, value: number) => count('http_requests_total', value, { status });
  const finished = (reason: string, value: number) =>
    count('vllm:request_success_total', value, { finished_reason: reason });

  test.each([
    { name: 'nothing', counts: [], requests: 0, failed: 0 },
    {
      name: '4xx are the client’s',
      counts: [answered('2xx', 90), answered('4xx', 10), finished('stop', 90)],
      requests: 100,
      failed: 0,
    },
    {
      name: '5xx',
      counts: [answered('2xx', 90), answered('5xx', 10), finished('stop', 60), finished('length', 30)],
      requests: 100,
      failed: 10,
    },
    {
      name: 'streams that broke are 2xx',
      counts: [answered('2xx', 100), finished('stop', 93), finished('error', 7)],
      requests: 100,
      failed: 7,
    },
    {
      name: 'the engine’s errors of whole answers are in 5xx already',
      counts: [answered('2xx', 93), answered('5xx', 7), finished('stop', 93), finished('error', 7)],
      requests: 100,
      failed: 7,
    },
    {
      name: 'some streamed, some whole',
      counts: [answered('2xx', 97), answered('5xx', 3), finished('stop', 93), finished('error', 7)],
      requests: 100,
      failed: 7,
    },
    {
      name: 'clients that left are no failures',
      counts: [answered('2xx', 100), finished('stop', 80), finished('error', 0)],
      requests: 100,
      failed: 0,
    },
    {
      name: 'several prompts in a request hide no error that 5xx does not explain',
      counts: [answered('2xx', 100), finished('stop', 400), finished('error', 7)],
      requests: 100,
      failed: 7,
    },
    {
      name: 'streams that began before the window and broke in it',
      counts: [finished('error', 2)],
      requests: 2,
      failed: 2,
    },
  ])('$name: $failed of $requests', ({ counts, requests, failed }) => {
    expect(vllm(metricsPlan()).read(counts, ['error-rate'], 'canary')).toEqual({
      'error-rate': { bad: failed, total: requests },
    });
  });

  test('4xx are failures where the plan says so, and streams that broke always', () => {
    const counts = [answered('2xx', 90), answered('4xx', 6), answered('5xx', 4)];
    const ends = [finished('stop', 87), finished('error', 3)];
    const failed = (failing: readonly string[]) =>
      vllm(metricsPlan({ failing })).read([...counts, ...ends], ['error-rate'], 'canary');
    expect(failed(['5xx'])).toEqual({ 'error-rate': { bad: 7, total: 100 } });
    expect(failed(['4xx', '5xx'])).toEqual({ 'error-rate': { bad: 13, total: 100 } });
    expect(failed(['4xx'])).toEqual({ 'error-rate': { bad: 9, total: 100 } });
  });

  test('one bound in two spellings is one bucket', () => {
    const bucket = (le: string, value: number) =>
      count('vllm:e2e_request_latency_seconds_bucket', value, { le });
    const buckets = [
      { upTo: 1, count: 5 },
      { upTo: null, count: 5 },
    ];
    const counts = [bucket('1', 2), bucket('1.0', 3), bucket('+Inf', 5)];
    expect(vllm(metricsPlan()).read(counts, ['e2e-latency'], 'canary')).toEqual({
      'e2e-latency': { buckets },
    });
  });

  describe('a histogram that was renamed', () => {
    const bucket = (name: string, value: number) => count(`vllm:${name}_bucket`, value, { le: '+Inf' });
    const read = (...counts: Count[]) =>
      vllm(metricsPlan()).read(counts, ['inter-token-latency'], 'canary')['inter-token-latency'];
    const of = (value: number) => ({ buckets: [{ upTo: null, count: value }] });

    test('is read by whichever name the arm has', () => {
      expect(read(bucket('inter_token_latency_seconds', 7))).toEqual(of(7));
      expect(read(bucket('time_per_output_token_seconds', 7))).toEqual(of(7));
    });

    test('is not counted twice where both are shown', () => {
      const both = [bucket('inter_token_latency_seconds', 7), bucket('time_per_output_token_seconds', 7)];
      expect(read(...both)).toEqual(of(7));
    });

    test('is missing, not empty, under neither', () => {
      expect(read(bucket('e2e_request_latency_seconds', 7))).toEqual({
        missing:
          'vLLM has no vllm:inter_token_latency_seconds_bucket and no vllm:time_per_output_token_seconds_bucket',
      });
    });
  });

  test('shares of how answers ended leave out those that did not', () => {
    const counts = [
      finished('stop', 80),
      finished('length', 15),
      finished('repetition', 5),
      finished('error', 3),
      finished('abort', 2),
    ];
    expect(vllm(metricsPlan()).read(counts, ['length-share', 'repetition-share'], 'canary')).toEqual({
      'length-share': { bad: 15, total: 100 },
      'repetition-share': { bad: 5, total: 100 },
    });
  });

  test('under another prefix and by a label, the same series mean the same', () => {
    const arms = { label: 'pod_template_hash', stable: '7c5', canary: '9f.1' };
    const source = vllm(metricsPlan({ engine: { prefix: 'kserve_vllm:', arms } }));
    const selection = source.select(targetOf('llm'), ['error-rate']);
    expect(selection).toMatchObject({
      armLabel: 'pod_template_hash',
      arms: { stable: '7c5', canary: '9f\\.1' },
    });
    expect(selection.counters).toContain('"http_requests_total|kserve_vllm:request_success_total"');
    expect(selection.alive).toMatch(
      /^kserve_vllm:e2e_request_latency_seconds_count\{namespace="llm",pod_temp/,
    );
    const counts = [
      answered('2xx', 90),
      answered('5xx', 4),
      count('kserve_vllm:request_success_total', 87, { finished_reason: 'stop' }),
      count('kserve_vllm:request_success_total', 7, { finished_reason: 'error' }),
    ];
    expect(source.read(counts, ['error-rate'], 'canary')).toEqual({ 'error-rate': { bad: 7, total: 94 } });
  });

  test('only what was asked for is queried', () => {
    const { counters } = vllm(metricsPlan()).select(targetOf('llm'), ['ttft']);
    expect(counters).toContain('__name__=~"vllm:time_to_first_token_seconds_bucket"');
  });
});
