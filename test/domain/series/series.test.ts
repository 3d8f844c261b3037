import { describe, expect, test } from '@jest/globals';
import { measuredCriteria, seriesOf } from '../../../src/domain/series/series.ts';
import { defaultPlan } from '../../support/plans.ts';
import { measured } from '../../support/fake-ports.ts';

const criteria = measuredCriteria(defaultPlan());

describe('series for a report', () => {
  test('one a metric, however many limits it has', () => {
    expect(criteria.map((it) => it.metric)).toEqual(['error-rate', 'e2e-latency', 'cost-per-request']);
  });

  test('both arms with their 95 % intervals, in the middle of the window', () => {
    const [errors, latency] = seriesOf(criteria, [
      { atMs: 20_000, windowMs: 10_000, measurement: measured(20) },
      { atMs: 30_000, windowMs: 10_000, measurement: { kind: 'providerError', why: 'away' } },
    ]);
    expect(errors?.name).toBe('error-rate');
    // 20 of 1000: Clopper and Pearson 1.226 % to 3.072 %, as R's binom.test has it.
    const canary = {
      value: 0.02,
      low: expect.closeTo(0.01226, 4),
      high: expect.closeTo(0.03072, 4),
      samples: 1000,
    };
    const stable = { value: 0, low: 0, high: expect.closeTo(0.00368, 4), samples: 1000 };
    expect(errors?.points).toEqual([{ atMs: 15_000, stable, canary }]);
    expect(latency?.points[0]?.canary?.value).toBeCloseTo(0.099);
  });

  test('what an arm does not have is null, not zero', () => {
    const measurement = { kind: 'measured', stable: {}, canary: {} } as const;
    const [errors] = seriesOf(criteria, [{ atMs: 20_000, windowMs: 10_000, measurement }]);
    expect(errors?.points).toEqual([{ atMs: 15_000, stable: null, canary: null }]);
  });
});
