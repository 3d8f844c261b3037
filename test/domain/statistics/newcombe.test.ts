import { describe, expect, test } from '@jest/globals';
import { drawBinomial } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { newcombeBounds } from '../../../src/domain/statistics/newcombe.ts';

describe("Newcombe's bounds of a difference", () => {
  /**
   * Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods",
   * Statistics in Medicine 17 (1998), pp. 873-890, table II, method 10; the same by statsmodels
   * (confint_proportions_2indep, "newcomb").
   */
  test.each([
    { one: [56, 70], other: [48, 80], published: [0.0524, 0.3339] },
    { one: [9, 10], other: [3, 10], published: [0.1705, 0.809] },
    { one: [6, 7], other: [2, 7], published: [0.0582, 0.8062] },
    { one: [5, 56], other: [0, 29], published: [-0.0381, 0.1926] },
    { one: [0, 10], other: [0, 20], published: [-0.1611, 0.2775] },
    { one: [0, 10], other: [0, 10], published: [-0.2775, 0.2775] },
    { one: [10, 10], other: [0, 20], published: [0.6791, 1] },
    { one: [10, 10], other: [0, 10], published: [0.6075, 1] },
  ] as const)('$one and $other, two-sided 95 %: as published', ({ one, other, published }) => {
    const arms = [
      { bad: one[0], total: one[1] },
      { bad: other[0], total: other[1] },
    ] as const;
    const found = [newcombeBounds.low(...arms, 0.025), newcombeBounds.high(...arms, 0.025)];
    expect(found.map((it) => Number(it.toFixed(4)))).toEqual(published);
  });

  test('of nothing nothing is known', () => {
    const [nothing, some] = [
      { bad: 0, total: 0 },
      { bad: 3, total: 10 },
    ];
    for (const arms of [[nothing, some] as const, [some, nothing] as const])
      expect([newcombeBounds.low(...arms, 0.05), newcombeBounds.high(...arms, 0.05)]).toEqual([-1, 1]);
  });

  test('of 20,000 pairs of arms the true difference is below the low bound in about alpha', () => {
    const random = seededRandom(11);
    const times = 20_000;
    let wrong = 0;
    for (let time = 0; time < times; time += 1) {
      const canary = { bad: drawBinomial(200, 0.1, random), total: 200 };
      const stable = { bad: drawBinomial(300, 0.05, random), total: 300 };
      if (newcombeBounds.low(canary, stable, 0.05) > 0.05) wrong += 1;
    }
    expect(wrong / times).toBeGreaterThan(0.04);
    expect(wrong / times).toBeLessThan(0.06);
  });

  test('counts that cannot be are refused, on either side', () => {
    const [good, wrong] = [
      { bad: 1, total: 2 },
      { bad: 3, total: 2 },
    ];
    expect(() => newcombeBounds.low(good, wrong, 0.05)).toThrow(RangeError);
    expect(() => newcombeBounds.high(wrong, good, 0.05)).toThrow('3 of 2');
  });
});
