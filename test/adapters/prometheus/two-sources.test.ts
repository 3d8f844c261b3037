import { describe, expect, test } from '@jest/globals';
import type { Query, QueryAnswer } from '../../../src/adapters/prometheus/client.ts';
import { PrometheusMetrics } from '../../../src/adapters/prometheus/prometheus-metrics.ts';
import type { Row } from '../../../src/adapters/prometheus/schema.ts';
import type { MetricName } from '../../../src/domain/metrics/metrics.ts';
import { metricsPlan } from '../../support/plans.ts';
import { targetOf } from './targets.ts';

const windowMs = 60_000;
const never = new AbortController().signal;

const row = (value: number, labels: Readonly<Record<string, string>>): Row => ({ value, labels });
const fresh = (sluice_source: string) =>
  ['stable', 'canary'].map((sluice_arm) => row(1, { sluice_source, sluice_at: 'age', sluice_arm }));
const counted = (sluice_source: string, sluice_arm: string, value: number, labels: Record<string, string>) =>
  ['start', 'end'].map((sluice_at) => {
    const common = { sluice_source, sluice_at, sluice_arm, sluice_window: String(windowMs) };
    return row(sluice_at === 'end' ? value : 0, { ...common, ...labels });
  });
const answered = { __name__: 'envoy_cluster_upstream_rq_xx', envoy_response_code_class: '2' };
const firstToken = { __name__: 'vllm:time_to_first_token_seconds_bucket', le: '+Inf' };

const gateway = [
  ...fresh('envoy-contour'),
  ...counted('envoy-contour', 'stable', 90, answered),
  ...counted('envoy-contour', 'canary', 10, answered),
];
const engines = [
  ...fresh('vllm'),
  ...counted('vllm', 'stable', 80, firstToken),
  ...counted('vllm', 'canary', 9, firstToken),
];

async function measure(source: 'envoy-contour' | 'vllm', names: readonly MetricName[], rows: readonly Row[]) {
  const asked: Query[] = [];
  const query = (it: Query): Promise<QueryAnswer> => {
    asked.push(it);
    return Promise.resolve({ kind: 'vector', rows });
  };
  const plan = metricsPlan({ source });
  const look = { names, windowsMs: [windowMs] };
  const found = await new PrometheusMetrics({ query }).measure(plan, targetOf('llm'), look, never);
  return { asked, found: found.get(windowMs) };
}

describe('what the plan’s source does not offer', () => {
  test('comes from vLLM, in the same query', async () => {
    const { asked, found } = await measure('envoy-contour', ['error-rate', 'ttft'], [...gateway, ...engines]);
    expect(asked).toHaveLength(1);
    expect(found).toEqual({
      kind: 'measured',
      stable: { 'error-rate': { bad: 0, total: 90 }, ttft: { buckets: [{ upTo: null, count: 80 }] } },
      canary: { 'error-rate': { bad: 0, total: 10 }, ttft: { buckets: [{ upTo: null, count: 9 }] } },
    });
  });

  test('may be missing, and leaves the rest as it is', async () => {
    const { found } = await measure('envoy-contour', ['error-rate', 'ttft'], gateway);
    const missing = { missing: expect.stringContaining('no series among vllm:') };
    expect(found).toEqual({
      kind: 'measured',
      stable: { 'error-rate': { bad: 0, total: 90 }, ttft: missing },
      canary: { 'error-rate': { bad: 0, total: 10 }, ttft: missing },
    });
  });

  test('is not asked for where nobody wants it', async () => {
    const { asked } = await measure('envoy-contour', ['error-rate'], gateway);
    expect(asked[0]?.expression).not.toContain('vllm:');
  });
});

test('a source that offers everything is asked for all of it', async () => {
  const { asked } = await measure('vllm', ['error-rate', 'ttft'], engines);
  expect(asked[0]?.expression).not.toContain('envoy');
});

test('a look back asks Prometheus for that time', async () => {
  const asked: Query[] = [];
  const query = (it: Query): Promise<QueryAnswer> => {
    asked.push(it);
    return Promise.resolve({ kind: 'vector', rows: gateway });
  };
  const plan = metricsPlan();
  const look = { names: ['error-rate'], windowsMs: [windowMs] } as const;
  const metrics = new PrometheusMetrics({ query });
  await metrics.measure(plan, targetOf('llm'), { ...look, atMs: 1_700_000_000_500 }, never);
  await metrics.measure(plan, targetOf('llm'), look, never);
  expect(asked.map((it) => it.atSeconds)).toEqual([1_700_000_000.5, undefined]);
});
