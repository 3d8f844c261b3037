import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { studentDeviationsAt } from '../../../src/domain/statistics/alpha.ts';
import { scoreMeanInterval } from '../../../src/domain/statistics/score-mean.ts';

/** By SciPy 1.17.1: scipy.stats.t.isf. */
test.each([
  { alpha: 0.025, freedom: 9, t: 2.262_157_163 },
  { alpha: 0.05, freedom: 1, t: 6.313_751_515 },
  { alpha: 0.000_833, freedom: 99, t: 3.232_736_362 },
  { alpha: 0.0001, freedom: 399, t: 3.753_865_176 },
  { alpha: 0.5, freedom: 5, t: 0 },
])("Student's t is $t at $alpha with $freedom degrees of freedom", ({ alpha, freedom, t }) => {
  expect(studentDeviationsAt(alpha, freedom)).toBeCloseTo(t, 7);
});

describe('the interval of a mean score', () => {
  /** By SciPy's quantiles, from the formula of Wilson with the effective number of scores. */
  test.each([
    { count: 400, mean: 0.86, variance: 0.04, alpha: 0.05, low: 0.842_700_905, high: 0.875_677_284 },
    { count: 100, mean: 0.86, variance: 0.04, alpha: 0.05, low: 0.823_514_774, high: 0.889_950_503 },
    { count: 30, mean: 0.95, variance: 0.01, alpha: 0.025, low: 0.898_189_941, high: 0.976_144_721 },
  ])('$count scores of $mean: $low to $high', ({ alpha, low, high, ...sample }) => {
    const found = scoreMeanInterval(sample, { low: alpha, high: alpha });
    expect(found.low).toBeCloseTo(low, 7);
    expect(found.high).toBeCloseTo(high, 7);
  });

  test('scores of 0 or 1 have the interval of their share, a little wider', () => {
    // Wilson's for 86 of 100 at 0.025: 0.7786 to 0.9147.
    const { low, high } = scoreMeanInterval(
      { count: 100, mean: 0.86, variance: (0.86 * 0.14 * 100) / 99 },
      { low: 0.025, high: 0.025 },
    );
    expect(low).toBeLessThan(0.7787);
    expect(low).toBeGreaterThan(0.775);
    expect(high).toBeGreaterThan(0.9146);
    expect(high).toBeLessThan(0.9165);
  });

  test('scores that are all the same still leave doubt, and one score leaves all of it', () => {
    const { low, high } = scoreMeanInterval({ count: 100, mean: 1, variance: 0 }, { low: 0.05, high: 0.05 });
    expect(low).toBeGreaterThan(0.95);
    expect(low).toBeLessThan(0.98);
    expect(high).toBe(1);
    const nothing = scoreMeanInterval({ count: 1, mean: 0.5, variance: 0 }, { low: 0.05, high: 0.05 });
    expect(nothing).toEqual({ low: 0, high: 1 });
    const even = scoreMeanInterval({ count: 50, mean: 0.5, variance: 0.1 }, { low: 0.5, high: 0.5 });
    expect(even).toEqual({ low: 0.5, high: 0.5 });
  });

  test('of 4,000 samples of 100 skewed scores the true mean is beyond either end in about alpha', () => {
    const random = seededRandom(53);
    const times = 4000;
    const wrong = { low: 0, high: 0, plain: 0 };
    for (let time = 0; time < times; time += 1) {
      // Nine of ten answers have all points, the others some: a mean of 0.95.
      const values = Array.from({ length: 100 }, () => (random() < 0.1 ? Math.floor(random() * 5) / 4 : 1));
      const mean = values.reduce((sum, it) => sum + it, 0) / values.length;
      const variance = values.reduce((sum, it) => sum + (it - mean) ** 2, 0) / (values.length - 1);
      const { low, high } = scoreMeanInterval(
        { count: values.length, mean, variance },
        { low: 0.025, high: 0.025 },
      );
      if (low > 0.95) wrong.low += 1;
      if (high < 0.95) wrong.high += 1;
      if (mean - studentDeviationsAt(0.025, 99) * Math.sqrt(variance / 100) > 0.95) wrong.plain += 1;
    }
    expect(wrong.low / times).toBeLessThan(0.04);
    expect(wrong.high / times).toBeLessThan(0.035);
    // What passes an answer that is not good enough: mean and deviation alone do so more than twice as often as they say.
    expect(wrong.plain / times).toBeGreaterThan(0.05);
  });

  test.each([
    { count: 10, mean: 1.2, variance: 0.1 },
    { count: -1, mean: 0.5, variance: 0.1 },
    { count: 10, mean: 0.5, variance: NaN },
  ])('$mean of $count with $variance is refused', (wrong) => {
    expect(() => scoreMeanInterval(wrong, { low: 0.05, high: 0.05 })).toThrow(RangeError);
  });
});
