import { describe, expect, test } from '@jest/globals';
import { drawNormal } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { ratioOfMeans, type PairedMeans } from '../../../src/domain/statistics/ratio-of-means.ts';

const scores: PairedMeans = {
  count: 400,
  numerator: { mean: 0.6, variance: 0.08 },
  denominator: { mean: 0.7, variance: 0.06 },
  covariance: 0.02,
};
const usual = { low: 0.025, high: 0.025 };

describe("Fieller's interval of a ratio of paired means", () => {
  /** By SciPy 1.17.1: scipy.optimize.brentq on (m1 - r m2) / se(r) against stats.t.isf. */
  test.each([
    { means: scores, alpha: { low: 0.000_833, high: 0.05 }, low: 0.790_872_481, high: 0.892_885_273 },
    {
      means: {
        ...scores,
        count: 30,
        numerator: { mean: 0.5, variance: 0.1 },
        denominator: { mean: 0.8, variance: 0.05 },
        covariance: 0.03,
      },
      alpha: usual,
      low: 0.490_856_398,
      high: 0.759_694_257,
    },
    {
      means: {
        count: 12,
        numerator: { mean: 2.1, variance: 0.4 },
        denominator: { mean: 1.9, variance: 0.5 },
        covariance: -0.1,
      },
      alpha: { low: 0.05, high: 0.01 },
      low: 0.842_991_999,
      high: 1.721_385_413,
    },
  ])('$means.count pairs at $alpha: as another implementation has it', ({ means, alpha, low, high }) => {
    const found = ratioOfMeans(means, alpha);
    expect(found.low).toBeCloseTo(low, 7);
    expect(found.high).toBeCloseTo(high, 7);
  });

  test('it takes less doubt where both amounts go together', () => {
    const widthAt = (covariance: number) => {
      const { low, high } = ratioOfMeans({ ...scores, covariance }, usual);
      return high - low;
    };
    expect(widthAt(0.06)).toBeLessThan(widthAt(0) / 1.8);
  });

  test('where the denominator may be 0 at the alpha of an end, that end is open', () => {
    const vague = { ...scores, count: 10, denominator: { mean: 0.2, variance: 0.06 } };
    // 0.2 is 2.58 standard errors above 0: t at 9 is 2.26 for 0.025, and 3.25 for 0.005.
    expect(ratioOfMeans(vague, { low: 0.025, high: 0.005 }).high).toBe(Infinity);
    expect(ratioOfMeans(vague, { low: 0.025, high: 0.005 }).low).toBeGreaterThan(0);
    expect(ratioOfMeans(vague, { low: 0.005, high: 0.025 }).low).toBe(-Infinity);
  });

  test.each([
    { what: 'one pair', means: { ...scores, count: 1 } },
    {
      what: 'a denominator of 0',
      means: { ...scores, denominator: { mean: 0, variance: 0 }, covariance: 0 },
    },
  ])('of $what nothing is known', ({ means }) => {
    expect(ratioOfMeans(means, usual)).toEqual({ low: -Infinity, high: Infinity });
  });

  test('of 4,000 samples of 60 pairs the true ratio is beyond either end in about alpha', () => {
    const random = seededRandom(47);
    const [times, count, truth] = [4000, 60, 0.9];
    const wrong = { low: 0, high: 0 };
    for (let time = 0; time < times; time += 1) {
      const pairs = Array.from({ length: count }, () => {
        const shared = drawNormal(random);
        return [4.5 + shared + drawNormal(random), 5 + shared + drawNormal(random)] as const;
      });
      const { low, high } = ratioOfMeans(meansOf(pairs), { low: 0.05, high: 0.01 });
      if (low > truth) wrong.low += 1;
      if (high < truth) wrong.high += 1;
    }
    expect(Math.abs(wrong.low / times - 0.05)).toBeLessThan(0.012);
    expect(Math.abs(wrong.high / times - 0.01)).toBeLessThan(0.006);
  });

  test.each([
    { ...scores, covariance: 0.2 },
    { ...scores, numerator: { mean: NaN, variance: 0.1 } },
    { ...scores, denominator: { mean: 0.5, variance: -0.1 } },
  ])('numbers that cannot be are refused: %j', (means) => {
    expect(() => ratioOfMeans(means, usual)).toThrow('cannot be; allowed: finite');
  });
});

function meansOf(pairs: readonly (readonly [number, number])[]): PairedMeans {
  const count = pairs.length;
  const mean = (of: (pair: readonly [number, number]) => number) =>
    pairs.reduce((sum, it) => sum + of(it), 0) / count;
  const [one, other] = [mean(([it]) => it), mean(([, it]) => it)];
  const sampled = (of: (pair: readonly [number, number]) => number) => (mean(of) * count) / (count - 1);
  return {
    count,
    numerator: { mean: one, variance: sampled(([it]) => (it - one) ** 2) },
    denominator: { mean: other, variance: sampled(([, it]) => (it - other) ** 2) },
    covariance: sampled(([it, its]) => (it - one) * (its - other)),
  };
}
