import { describe, expect, test } from '@jest/globals';
import { ValuesBesideCounts, type ValueProviders } from '../../../src/adapters/values/beside-counts.ts';
import type { Measurement, ToldValue } from '../../../src/domain/analysis/measurement.ts';
import type { MetricName } from '../../../src/domain/metrics/metrics.ts';
import type { CustomMetricPlan } from '../../../src/domain/plan/metrics-plan.ts';
import type { Look } from '../../../src/ports/metrics.ts';
import type { ValueLook, ValueProvider } from '../../../src/ports/values.ts';
import { metricsPlan, quickPlan } from '../../support/plans.ts';

const never = new AbortController().signal;
const { target } = quickPlan();
const address = { stable: 'http://a/', canary: 'http://b/', path: '$.x', headers: {} };
const custom: CustomMetricPlan[] = [
  { name: 'quality', web: address },
  { name: 'toxicity', prometheus: { stable: 'a', canary: 'b' } },
  { name: 'trial', file: { path: 'x.json' } },
];
const counted: Measurement = {
  ...{
    kind: 'measured',
    ages: { stable: 36_000, canary: 60 },
    stable: { 'error-rate': { bad: 0, total: 9 } },
  },
  canary: { 'error-rate': { bad: 1, total: 10 } },
};

/** Providers that tell these, and note what they were asked. */
function world(told: Partial<Record<keyof ValueProviders, ToldValue>>, counts: Measurement = counted) {
  const asked: unknown[] = [];
  const provider = <Source>(name: keyof ValueProviders): ValueProvider<Source> => ({
    read: (source: Source, { windowsMs, atMs }: ValueLook) => {
      asked.push({ name, source, windowsMs, ...(atMs === undefined ? {} : { atMs }) });
      const value = told[name] ?? { missing: 'nothing' };
      return Promise.resolve(new Map(windowsMs.map((it) => [it, { stable: { value: 1 }, canary: value }])));
    },
  });
  const names: (readonly MetricName[])[] = [];
  const port = new ValuesBesideCounts(
    {
      measure: (_plan, _target, look) => {
        names.push(look.names);
        return Promise.resolve(new Map(look.windowsMs.map((it) => [it, counts])));
      },
    },
    {
      gpu: provider('gpu'),
      prometheus: provider('prometheus'),
      web: provider('web'),
      file: provider('file'),
    },
  );
  const measure = (look: Look) => port.measure(metricsPlan({ custom }), target, look, never);
  return { measure, asked, names };
}

describe('values beside counts', () => {
  const names = [
    'error-rate',
    'gpu-utilisation',
    'custom/quality',
    'custom/toxicity',
    'custom/trial',
  ] as const;

  test('each by its own provider, in one measurement', async () => {
    const { measure, asked, names: ofCounts } = world({ web: { value: 0.8 }, gpu: { failed: 'HTTP 500' } });
    expect((await measure({ names, windowsMs: [1000] })).get(1000)).toEqual({
      kind: 'measured',
      ages: { stable: 36_000, canary: 60 },
      stable: {
        'error-rate': { bad: 0, total: 9 },
        ...Object.fromEntries(names.slice(1).map((it) => [it, { value: 1 }])),
      },
      canary: {
        'error-rate': { bad: 1, total: 10 },
        'gpu-utilisation': { failed: 'HTTP 500' },
        'custom/quality': { value: 0.8 },
        'custom/toxicity': { missing: 'nothing' },
        'custom/trial': { missing: 'nothing' },
      },
    });
    expect(ofCounts).toEqual([['error-rate']]);
    expect(asked).toEqual([
      { name: 'gpu', source: { url: 'http://127.0.0.1:9090', target }, windowsMs: [1000] },
      { name: 'web', source: address, windowsMs: [1000] },
      {
        name: 'prometheus',
        source: { stable: 'a', canary: 'b', url: 'http://127.0.0.1:9090' },
        windowsMs: [1000],
      },
      { name: 'file', source: { path: 'x.json' }, windowsMs: [1000] },
    ]);
  });

  test('nobody is asked of what nobody wants to know', async () => {
    const { measure, asked } = world({});
    expect((await measure({ names: ['error-rate'], windowsMs: [1000] })).get(1000)).toEqual(counted);
    expect(asked).toEqual([]);
  });

  test('over their own windows alone, at the look’s time', async () => {
    const { measure, asked } = world({ web: { value: 0.8 } });
    const look = { windowsMs: [9000, 1000], valueWindowsMs: [1000], atMs: 5 };
    const found = await measure({ names: ['error-rate', 'custom/quality'], ...look });
    expect(asked).toEqual([{ name: 'web', source: address, windowsMs: [1000], atMs: 5 }]);
    expect(found.get(9000)).toEqual(counted);
    expect(found.get(1000)).toMatchObject({ canary: { 'custom/quality': { value: 0.8 } } });
  });

  test('while counts are away, values are told', async () => {
    const away: Measurement = { kind: 'providerError', why: 'Prometheus: no connection' };
    const { measure } = world({ web: { value: 0.8 } }, away);
    expect((await measure({ names: ['error-rate', 'custom/quality'], windowsMs: [1000] })).get(1000)).toEqual(
      {
        ...away,
        values: { stable: { 'custom/quality': { value: 1 } }, canary: { 'custom/quality': { value: 0.8 } } },
      },
    );
  });

  test('of a name that the plan does not define nothing is told', async () => {
    const { measure } = world({});
    expect((await measure({ names: ['custom/other'], windowsMs: [1000] })).get(1000)).toEqual(counted);
  });
});
