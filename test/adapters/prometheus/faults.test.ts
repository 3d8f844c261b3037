import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PrometheusClient } from '../../../src/adapters/prometheus/client.ts';
import { PrometheusMetrics } from '../../../src/adapters/prometheus/prometheus-metrics.ts';
import { json, matrix, plain, startFakePrometheus, vector, type FakePrometheus } from './fake-prometheus.ts';
import { metricsPlan } from '../../support/plans.ts';
import { targetOf } from './targets.ts';

type Rows = Parameters<typeof vector>[0];

const never = new AbortController().signal;

const windowMs = 60_000;
const names = ['error-rate'] as const;

const row = (at: string, value: number | string, labels: Record<string, string> = {}) => ({
  metric: { sluice_at: at, ...labels },
  value: String(value),
});
const inWindow = (at: string, value: number | string, labels: Record<string, string>, ofMs = windowMs) =>
  row(at, value, { sluice_source: 'envoy-contour', sluice_window: String(ofMs), ...labels });
const answered = (at: string, arm: string, value: number | string, ofMs?: number) => {
  const labels = { __name__: 'envoy_cluster_upstream_rq_xx', envoy_response_code_class: '2' };
  return inWindow(at, value, { sluice_arm: arm, ...labels }, ofMs);
};
const age = (arm: string, seconds: number) =>
  row('age', seconds, { sluice_source: 'envoy-contour', sluice_arm: arm });
const now = row('now', 1_800_000_000);
const bothFresh = [age('stable', 0.4), age('canary', 0.4), now];

/** What was asked and answered, without a network between: the client's faults are client.test.ts. */
describe('a look at both arms', () => {
  let fake: FakePrometheus;
  beforeEach(async () => {
    fake = await startFakePrometheus();
  });
  afterEach(() => fake.close());

  const measureAll = (...windowsMs: number[]) => {
    const metrics = metricsPlan({ url: fake.url });
    return new PrometheusMetrics(new PrometheusClient()).measure(
      metrics,
      targetOf('llm'),
      { names, windowsMs },
      never,
    );
  };
  const measure = async () => (await measureAll(windowMs)).get(windowMs);

  test('takes one query and subtracts what was before the window', async () => {
    fake.answer = json(
      vector([
        ...bothFresh,
        answered('end', 'stable', 150),
        answered('start', 'stable', 100),
        answered('end', 'canary', 7),
      ]),
    );
    expect(await measure()).toMatchObject({
      stable: { 'error-rate': { total: 50 } },
      canary: { 'error-rate': { total: 7 } },
    });
    expect(fake.asked).toHaveLength(1);
  });

  test('takes one query for several windows', async () => {
    fake.answer = json(
      vector([
        ...bothFresh,
        answered('end', 'stable', 150),
        answered('start', 'stable', 100),
        answered('end', 'stable', 151, 1000),
        answered('start', 'stable', 149, 1000),
      ]),
    );
    const found = await measureAll(windowMs, 1000);
    expect([...found.keys()]).toEqual([windowMs, 1000]);
    expect(found.get(windowMs)).toMatchObject({ stable: { 'error-rate': { total: 50 } } });
    expect(found.get(1000)).toMatchObject({ stable: { 'error-rate': { total: 2 } } });
    expect(fake.asked).toHaveLength(1);
  });

  const canaryAndStable = [answered('end', 'stable', 9), answered('start', 'stable', 1)];
  const gaps: { name: string; rows: Rows; why: string }[] = [
    {
      name: 'an empty vector',
      rows: [],
      why: 'the canary has no series among envoy_cluster_upstream_rq_total',
    },
    {
      name: 'NaN',
      rows: [...bothFresh, ...canaryAndStable, answered('end', 'canary', 'NaN')],
      why: 'a counter has the value NaN',
    },
    {
      name: 'nothing from before the window',
      rows: [...bothFresh, answered('end', 'stable', 9), answered('end', 'canary', 3)],
      why: 'no series of either arm is older than the window',
    },
  ];
  const missing: { name: string; rows: Rows; arm: 'stable' | 'canary'; why: string }[] = [
    {
      name: 'nothing of the canary',
      rows: [...canaryAndStable, age('stable', 1), now],
      arm: 'canary',
      why: 'the canary has no series among',
    },
    {
      name: 'a canary that went',
      rows: [...canaryAndStable, answered('end', 'canary', 3), age('stable', 1), now],
      arm: 'canary',
      why: 'the canary is not scraped any more',
    },
    {
      name: 'stable that went',
      rows: [...canaryAndStable, answered('end', 'canary', 3), age('canary', 1), now],
      arm: 'stable',
      why: 'stable is not scraped any more',
    },
    {
      name: 'nothing of stable',
      rows: [answered('end', 'canary', 3), answered('start', 'canary', 1), age('canary', 1), now],
      arm: 'stable',
      why: 'stable has no series among',
    },
    {
      name: 'a canary whose samples are old',
      rows: [...canaryAndStable, answered('end', 'canary', 3), age('stable', 1), age('canary', 31), now],
      arm: 'canary',
      why: 'the canary was last scraped 31 s ago',
    },
  ];
  test.each(missing)('$name is missing, and says nothing about the other arm', async ({ rows, arm, why }) => {
    fake.answer = json(vector(rows));
    const found = await measure();
    const other = arm === 'stable' ? 'canary' : 'stable';
    expect(found).toMatchObject({
      kind: 'measured',
      [arm]: { 'error-rate': { missing: expect.stringContaining(why) as unknown } },
      [other]: { 'error-rate': { total: expect.any(Number) as unknown } },
    });
  });

  test.each(gaps)('$name is no data', async ({ rows, why }) => {
    fake.answer = json(vector(rows));
    const missing = { 'error-rate': { missing: expect.stringContaining(why) } };
    expect(await measure()).toEqual({ kind: 'measured', stable: missing, canary: missing });
  });

  test('samples may be half a window old, as with slow scrapes', async () => {
    const rows = [
      ...canaryAndStable,
      answered('end', 'canary', 3),
      age('stable', 29),
      age('canary', 29),
      now,
    ];
    fake.answer = json(vector(rows));
    expect(await measure()).toMatchObject({ kind: 'measured', canary: { 'error-rate': { total: 3 } } });
  });

  describe('when a process restarted', () => {
    const cluster = (name: string) => ({
      __name__: 'envoy_cluster_upstream_rq_xx',
      envoy_response_code_class: '2',
      envoy_cluster_name: name,
    });
    const samples = matrix([
      {
        metric: cluster('llm_vllm_8000'),
        values: [
          [1_799_999_939, '100'],
          [1_799_999_990, '150'],
        ],
      },
      {
        metric: cluster('llm_vllm-canary_8000'),
        values: [
          [1_799_999_950, '40'],
          [1_799_999_970, '2'],
          [1_799_999_990, '10'],
        ],
      },
    ]);

    const restarted: { name: string; rows: Rows }[] = [
      {
        name: 'Prometheus saw a counter fall',
        rows: [...bothFresh, ...canaryAndStable, inWindow('restarts', 1, { sluice_arm: 'canary' })],
      },
      {
        name: 'a counter is lower in the window than before it',
        rows: [...bothFresh, ...canaryAndStable, inWindow('fell', 1, { sluice_arm: 'canary' })],
      },
      {
        name: 'a sum is lower at the end of the window than before it',
        rows: [...bothFresh, answered('start', 'canary', 40), answered('end', 'canary', 10)],
      },
    ];
    test.each(restarted)('it looks at the samples themselves: $name', async ({ rows }) => {
      fake.answer = (asked, response) => {
        json(asked.time === null ? vector(rows) : samples)(asked, response);
      };
      expect(await measure()).toMatchObject({
        stable: { 'error-rate': { total: 50 } },
        canary: { 'error-rate': { total: 50 } },
      });
      expect(fake.asked.map((it) => it.time)).toEqual([null, '1800000000']);
    });

    test('a failure of the second query is a provider error', async () => {
      const rows = restarted[0]?.rows ?? [];
      fake.answer = (asked, response) => {
        (asked.time === null ? json(vector(rows)) : plain(503, ''))(asked, response);
      };
      expect(await measure()).toMatchObject({ kind: 'providerError' });
    });
  });

  test('an answer of another kind is a provider error', async () => {
    fake.answer = json(matrix([]));
    expect(await measure()).toMatchObject({ kind: 'providerError' });
  });

  test('a Prometheus that is down is a provider error', async () => {
    await fake.close();
    expect(await measure()).toMatchObject({ kind: 'providerError' });
  });
});
