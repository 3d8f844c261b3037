import { describe, expect, test } from '@jest/globals';
import { guardText } from '../../src/cli/render/criteria.ts';
import { metricPlot } from '../../src/cli/report/metric-plot.ts';
import { StretchAxis } from '../../src/cli/report/stretch-axis.ts';
import { seriesTable } from '../../src/cli/report/tables.ts';
import type { Criterion } from '../../src/domain/plan/plan.ts';
import { speak } from '../support/cli-fakes.ts';

test('simulate says what it takes as kept', async () => {
  const { code, out } = await speak([
    ...['simulate', 'examples/values.yaml', '--times', '2', '--scenario', 'no-traffic'],
  ]);
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining(
      'taken as kept, since nobody can play what others compute: custom/quality, custom/blocked-share, gpu-utilisation',
    ),
  });
  const json = await speak(['simulate', 'examples/values.yaml', '--times', '1', '--output', 'json']);
  expect(JSON.parse(json.out)).toMatchObject({
    takenAsKept: ['custom/quality', 'custom/blocked-share', 'gpu-utilisation'],
  });
});

test('check shows what is asked of values, without samples', async () => {
  const { out } = await speak(['check', 'examples/values.yaml']);
  expect(out).toContain('custom/quality > stable - 0.05, over 1 min, for 2 min');
  expect(out).toContain('gpu-utilisation > 5 %, over 5 min, for 5 min');
});

test('a guard of a counted metric that estimates has its samples', () => {
  const criterion: Criterion = { metric: 'error-rate', max: 0.01 };
  const guard = { criterion, minimumSamples: 50, sustainedForMs: 0, windowMs: 60_000 };
  expect(guardText({ ...guard, evidence: 'estimate' })).toBe(
    'error-rate < 1 %, over 1 min, from 50 requests',
  );
});

describe('a report', () => {
  const criterion: Criterion = { metric: 'custom', name: 'gain', min: -2 };
  const point = (value: number) => ({ value, low: value, high: value, samples: 0 });
  const series = {
    name: 'custom/gain',
    points: [
      { atMs: 1000, stable: point(-1), canary: point(-1.5) },
      { atMs: 2000, stable: point(0.5), canary: null },
    ],
  };

  test('tells values alone in its table', () => {
    const text = seriesTable(series, criterion).text.replaceAll(/\s+/g, ' ');
    expect(text).toContain('<td>-1.5</td> <td></td>');
    expect(text).not.toContain(' to ');
  });

  test('draws values below 0', () => {
    const axis = new StretchAxis([{ fromMs: 0, untilMs: 3000, weightPercent: 10 }]);
    expect(metricPlot(axis, series, [criterion])).toContain('>-2.5<');
  });
});
