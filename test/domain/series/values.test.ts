import { expect, test } from '@jest/globals';
import type { Measurement } from '../../../src/domain/analysis/measurement.ts';
import type { Criterion } from '../../../src/domain/plan/plan.ts';
import { seriesOf } from '../../../src/domain/series/series.ts';

const quality: Criterion = { metric: 'custom', name: 'quality', min: 0.85 };

test('a value is a point without an interval; what was not told is none', () => {
  const measurement: Measurement = {
    ...{ kind: 'measured', stable: { 'custom/quality': { value: 0.9 } } },
    canary: { 'custom/quality': { failed: 'HTTP 500' } },
  };
  expect(seriesOf([quality], [{ atMs: 20_000, windowMs: 10_000, measurement }])).toEqual([
    {
      name: 'custom/quality',
      points: [{ atMs: 15_000, stable: { value: 0.9, low: 0.9, high: 0.9, samples: 0 }, canary: null }],
    },
  ]);
});
