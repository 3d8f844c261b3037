import { describe, expect, test } from '@jest/globals';
import { readSeries } from '../../src/activities/read-series.ts';
import { readTraffic } from '../../src/activities/read-traffic.ts';
import type { Measurement } from '../../src/domain/analysis/measurement.ts';
import type { Look } from '../../src/ports/metrics.ts';
import { measured } from '../support/fake-ports.ts';
import { defaultPlan } from '../support/plans.ts';

const plan = defaultPlan();
const never = new AbortController().signal;
const away: Measurement = { kind: 'providerError', why: 'Prometheus is away' };

/** Metrics that answer each look with what `answer` says. */
function metricsThat(answer: (look: Look) => Measurement) {
  const looks: Look[] = [];
  const measure = (_: unknown, __: unknown, look: Look) => {
    looks.push(look);
    return Promise.resolve(new Map(look.windowsMs.map((it) => [it, answer(look)])));
  };
  return { looks, ports: { metrics: { measure } } };
}

describe('readSeries', () => {
  const stretches = [
    { fromMs: 0, untilMs: 20_000, weightPercent: 1 },
    { fromMs: 20_000, untilMs: 25_000, weightPercent: 10 },
  ];

  test('looks back at each sample of each stretch', async () => {
    const { looks, ports } = metricsThat(() => measured(20));
    const reading = await readSeries(ports, { plan, stretches }, never);
    expect(looks.map(({ atMs, windowsMs }) => [atMs, ...windowsMs])).toEqual([
      [10_000, 10_000],
      [20_000, 10_000],
      [25_000, 5000],
    ]);
    expect(reading).toMatchObject({
      kind: 'series',
      series: [{ name: 'error-rate' }, { name: 'e2e-latency p99' }, { name: 'cost-per-request' }],
    });
    if (reading.kind === 'series') expect(reading.series[0]?.points).toHaveLength(3);
  });

  test('what Prometheus could not tell is left out; when that is all, it says why', async () => {
    const some = metricsThat(({ atMs }) => (atMs === 20_000 ? away : measured(0)));
    const reading = await readSeries(some.ports, { plan, stretches }, never);
    expect(reading.kind === 'series' && reading.series[0]?.points.map((it) => it.atMs)).toEqual([
      5000, 22_500,
    ]);
    const none = metricsThat(() => away);
    expect(await readSeries(none.ports, { plan, stretches }, never)).toEqual({
      kind: 'unknown',
      why: away.why,
    });
  });

  test('a Prometheus that stays away is not asked a hundred times; what it told before is shown', async () => {
    const long = [{ fromMs: 0, untilMs: 100_000, weightPercent: 1 }];
    const { looks, ports } = metricsThat(({ atMs }) => (atMs === 10_000 ? measured(0) : away));
    const reading = await readSeries(ports, { plan, stretches: long }, never);
    expect(looks).toHaveLength(4);
    expect(reading.kind === 'series' && reading.series[0]?.points).toHaveLength(1);
  });

  test('ends when nobody wants it any more', async () => {
    const leaving = new AbortController();
    const { looks, ports } = metricsThat(() => {
      leaving.abort(new Error('cancelled'));
      return away;
    });
    await expect(readSeries(ports, { plan, stretches }, leaving.signal)).rejects.toThrow('cancelled');
    expect(looks).toHaveLength(1);
  });
});

test('readTraffic asks for the metrics of the plan, over the last hour and less', async () => {
  const { looks, ports } = metricsThat(() => measured(0));
  expect(await readTraffic(ports, plan, never)).toMatchObject({ kind: 'traffic', windowMs: 3_600_000 });
  const names = ['error-rate', 'e2e-latency', 'cost-per-request'];
  expect(looks).toEqual([{ names, windowsMs: [3_600_000, 600_000, 60_000] }]);
});
