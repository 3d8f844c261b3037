import { describe, expect, test } from '@jest/globals';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import {
  sequentialMeanBounds,
  singleLookMeanBounds,
  type MeanBounds,
} from '../../../src/domain/statistics/asymptotic-mean-bounds.ts';

const all = { singleLookMeanBounds, sequentialMeanBounds };

describe('bounds of a mean', () => {
  const sample = { count: 400, mean: 10, deviation: 8 };

  test('for one look: the normal quantile times the standard error', () => {
    // 1.959964 * 8 / 20 = 0.783986, and 10 / (1 - 0.0783986).
    expect(singleLookMeanBounds.low(sample, 0.025)).toBeCloseTo(9.216_014_4, 6);
    expect(singleLookMeanBounds.high(sample, 0.025)).toBeCloseTo(10.850_677_1, 5);
  });

  /** sqrt(2 (n r² + 1) / (n² r²) ln(1 + sqrt(n r² + 1) / (2 alpha))) for r = 0.2, by Python's math module. */
  test.each([
    { count: 100, alpha: 0.05, margin: 0.280_671_3 },
    { count: 400, alpha: 0.025, margin: 0.153_312_1 },
    { count: 2000, alpha: 0.0001, margin: 0.104_155_5 },
  ])('for many looks: $margin deviations at $count requests and $alpha', ({ count, alpha, margin }) => {
    const low = sequentialMeanBounds.low({ count, mean: 10, deviation: 1 }, alpha);
    expect(10 - low).toBeCloseTo(margin, 6);
  });

  test.each(Object.entries(all))(
    '%s close in on the mean, from both sides, with more requests',
    (_, bounds) => {
      let width = Infinity;
      for (const count of [100, 1000, 10_000, 1e8]) {
        const [low, high] = [
          bounds.low({ ...sample, count }, 0.025),
          bounds.high({ ...sample, count }, 0.025),
        ];
        expect(low < sample.mean && sample.mean < high).toBe(true);
        expect(high - low).toBeLessThan(width);
        width = high - low;
      }
      expect(width).toBeLessThan(0.01);
    },
  );

  test.each(Object.entries(all))('%s say nothing of what is too little', (_, bounds) => {
    for (const count of [0, 1]) {
      const [low, high] = [bounds.low({ ...sample, count }, 0.05), bounds.high({ ...sample, count }, 0.05)];
      expect([low, high]).toEqual([0, Infinity]);
    }
    expect(bounds.high({ count: 500, mean: 0, deviation: 0 }, 0.05)).toBe(Infinity);
    expect(bounds.low({ count: 2, mean: 1, deviation: 9 }, 0.05)).toBe(0);
  });

  test.each([
    { ...sample, count: -1 },
    { ...sample, mean: NaN },
    { ...sample, mean: -2 },
    { ...sample, deviation: Infinity },
  ])('$count of $mean, deviation $deviation, is refused', (wrong) => {
    for (const bounds of Object.values(all)) {
      expect(() => bounds.low(wrong, 0.05)).toThrow(RangeError);
      expect(() => bounds.high(wrong, 0.05)).toThrow('allowed: 0 and above, finite');
    }
    expect(() => sequentialMeanBounds.low(sample, 0)).toThrow('probability of error');
  });
});

/**
 * Amounts whose logarithms are normal with a deviation of 1, by tens: so many sums, and sums of squares, each as likely as
 * any other. A ten is drawn as quickly as one amount.
 */
const tens = (() => {
  const amounts = Float64Array.from({ length: 2 ** 16 }, (_, index) =>
    Math.exp(normalQuantile((index + 0.5) / 2 ** 16, 0, 1)),
  );
  const random = seededRandom(19);
  return Array.from({ length: 2 ** 14 }, () => {
    let [sum, squares] = [0, 0];
    for (let drawn = 0; drawn < 10; drawn += 1) {
      const amount = amounts[Math.floor(random() * amounts.length)] ?? NaN;
      sum += amount;
      squares += amount ** 2;
    }
    return { sum, squares };
  });
})();
const trueMean = tens.reduce((sum, it) => sum + it.sum, 0) / tens.length / 10;

/** In how many of so many runs the true mean is ever below `low`, and in how many above `high`; looked at by tens. */
function everWrong(
  bounds: MeanBounds,
  { from, to, runs }: { readonly from: number; readonly to: number; readonly runs: number },
) {
  const { floor, sqrt } = Math;
  const random = seededRandom(17);
  const wrong = { low: 0, high: 0 };
  for (let run = 0; run < runs; run += 1) {
    const seen = { low: 0, high: 0 };
    let [sum, squares] = [0, 0];
    for (let count = 10; count <= to; count += 10) {
      const ten = tens[floor(random() * tens.length)];
      sum += ten?.sum ?? NaN;
      squares += ten?.squares ?? NaN;
      if (count < from) continue;
      const deviation = sqrt((squares - sum ** 2 / count) / (count - 1));
      const sample = { count, mean: sum / count, deviation };
      if (sample.mean > trueMean && bounds.low(sample, alpha) > trueMean) seen.low = 1;
      if (sample.mean < trueMean && bounds.high(sample, alpha) < trueMean) seen.high = 1;
    }
    wrong.low += seen.low;
    wrong.high += seen.high;
  }
  return { low: wrong.low / runs, high: wrong.high / runs };
}

const alpha = 0.025;

describe('runs of lognormal amounts, looked at after every 10 of 100 to 20,000 requests', () => {
  test('sequential bounds keep the true mean between them all the time, in 95 % of 1,000', () => {
    const wrong = everWrong(sequentialMeanBounds, { from: 100, to: 20_000, runs: 1000 });
    expect(wrong.low + wrong.high).toBeLessThanOrEqual(2 * alpha);
    expect(wrong.high).toBeGreaterThan(0);
  });

  test('those for one look do not', () => {
    const wrong = everWrong(singleLookMeanBounds, { from: 100, to: 20_000, runs: 200 });
    expect(wrong.low + wrong.high).toBeGreaterThan(6 * alpha);
  });
});

test('at one look at 300 lognormal amounts the low bound is as sure as it says, the high one nearly', () => {
  const once = { from: 300, to: 300, runs: 10_000 };
  const wrong = everWrong(singleLookMeanBounds, once);
  expect(wrong.low).toBeLessThanOrEqual(alpha);
  expect(wrong.high).toBeLessThan(0.04);
  // Mean and margin alone would be too low more often.
  const symmetric: MeanBounds = {
    ...singleLookMeanBounds,
    high: (sample, doubt) => 2 * sample.mean - singleLookMeanBounds.low(sample, doubt),
  };
  expect(everWrong(symmetric, once).high).toBeGreaterThan(0.05);
});
