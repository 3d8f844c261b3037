import { describe, expect, test } from '@jest/globals';
import { exactBounds } from '../../../src/domain/statistics/exact-bounds.ts';
import {
  evidenceAbove,
  evidenceBelow,
  sequentialBounds,
} from '../../../src/domain/statistics/sequential-bounds.ts';
import { drawBinomial } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';

const alpha = 0.05;

describe('the e-value', () => {
  /** The same formula by another implementation of its functions (SciPy 1.17.1: betaln, beta.logsf, beta.logcdf). */
  test.each([
    { bad: 5, total: 100, limit: 0.01, above: 2.874_401_845 },
    { bad: 0, total: 100, limit: 0.01, above: -2.315_673_354 },
    { bad: 3, total: 3, limit: 0.01, above: 9.607_569_636 },
    { bad: 40, total: 2000, limit: 0.01, above: 5.206_759_118 },
  ])('$bad of $total for more than $limit', ({ bad, total, limit, above }) => {
    expect(evidenceAbove({ bad, total }, limit)).toBeCloseTo(above, 7);
  });

  test.each([
    { bad: 0, total: 3805, limit: 0.001, below: 3.012_685_951 },
    { bad: 2, total: 9000, limit: 0.001, below: 3.098_279_811 },
    { bad: 10, total: 100, limit: 0.5, below: 35.150_105_35 },
  ])('$bad of $total for less than $limit', ({ bad, total, limit, below }) => {
    expect(evidenceBelow({ bad, total }, limit)).toBeCloseTo(below, 7);
  });

  test('is 1 before the first request', () => {
    expect(evidenceAbove({ bad: 0, total: 0 }, 0.01)).toBeCloseTo(0, 12);
    expect(evidenceBelow({ bad: 0, total: 0 }, 0.01)).toBeCloseTo(0, 12);
  });

  test.each([0.001, 0.01, 0.3])(
    'is a martingale at the limit itself, %d: one more request changes nothing on average',
    (limit) => {
      for (const [bad, total] of [
        [0, 0],
        [0, 50],
        [3, 40],
        [12, 900],
      ] as const) {
        for (const evidence of [evidenceAbove, evidenceBelow]) {
          const now = Math.exp(evidence({ bad, total }, limit));
          const failed = Math.exp(evidence({ bad: bad + 1, total: total + 1 }, limit));
          const good = Math.exp(evidence({ bad, total: total + 1 }, limit));
          expect((limit * failed + (1 - limit) * good) / now).toBeCloseTo(1, 6);
        }
      }
    },
  );
});

describe('bounds that may be looked at again and again', () => {
  const counts = [
    { bad: 0, total: 500 },
    { bad: 5, total: 500 },
    { bad: 81, total: 263 },
    { bad: 20, total: 20 },
  ];

  test.each(counts)(
    '$bad of $total: wider than those for one look, and around what was seen',
    (proportion) => {
      const low = sequentialBounds.low(proportion, alpha);
      const high = sequentialBounds.high(proportion, alpha);
      expect(low).toBeLessThanOrEqual(exactBounds.low(proportion, alpha));
      expect(high).toBeGreaterThanOrEqual(exactBounds.high(proportion, alpha));
      const seen = proportion.bad / proportion.total;
      expect(low <= seen && seen <= high).toBe(true);
    },
  );

  test.each(counts)('$bad of $total: what is above and below is what the bounds say', (proportion) => {
    const low = sequentialBounds.low(proportion, alpha);
    const high = sequentialBounds.high(proportion, alpha);
    for (const limit of [0.001, 0.01, 0.1, 0.3, 0.5, 0.9]) {
      expect(sequentialBounds.isAbove(proportion, limit, alpha)).toBe(low >= limit);
      expect(sequentialBounds.isBelow(proportion, limit, alpha)).toBe(high <= limit);
    }
  });

  test('of nothing nothing is known', () => {
    const nothing = { bad: 0, total: 0 };
    expect([sequentialBounds.low(nothing, alpha), sequentialBounds.high(nothing, alpha)]).toEqual([0, 1]);
  });

  test('hold at every look at once, in 10,000 series of 1,000 requests; those for one look do not', () => {
    const times = 10_000;
    const share = 0.05;
    const random = seededRandom(7);
    const wrong = { sequential: 0, exact: 0 };
    for (let time = 0; time < times; time += 1) {
      const left = { sequential: true, exact: true };
      let bad = 0;
      for (let total = 20; total <= 1000; total += 20) {
        bad += drawBinomial(20, share, random);
        const proportion = { bad, total };
        if (left.sequential && sequentialBounds.isAbove(proportion, share, alpha)) left.sequential = false;
        if (left.exact && exactBounds.isAbove(proportion, share, alpha)) left.exact = false;
      }
      if (!left.sequential) wrong.sequential += 1;
      if (!left.exact) wrong.exact += 1;
    }
    expect(wrong.sequential / times).toBeLessThan(alpha);
    expect(wrong.exact / times).toBeGreaterThan(2 * alpha);
  });
});
