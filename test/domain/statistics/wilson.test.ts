import { describe, expect, test } from '@jest/globals';
import { wilsonBounds } from '../../../src/domain/statistics/wilson.ts';

describe('Wilson bounds', () => {
  /**
   * Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics in
   * Medicine 17 (1998), pp. 857-872, table I, method 3 (four digits), and the same to more digits by statsmodels
   * (proportion_confint, "wilson").
   */
  test.each([
    { bad: 81, total: 263, published: [0.2553, 0.3662], low: 0.255_288_519_9, high: 0.366_209_577 },
    { bad: 15, total: 148, published: [0.0624, 0.1605], low: 0.062_386_399_5, high: 0.160_487_241_7 },
    { bad: 0, total: 20, published: [0, 0.1611], low: 0, high: 0.161_125_158_1 },
    { bad: 1, total: 29, published: [0.0061, 0.1718], low: 0.006_113_214_3, high: 0.171_755_218_8 },
  ])('$bad of $total, two-sided 95 %: as published', ({ bad, total, published, low, high }) => {
    const found = {
      low: wilsonBounds.low({ bad, total }, 0.025),
      high: wilsonBounds.high({ bad, total }, 0.025),
    };
    expect(found.low).toBeCloseTo(low, 9);
    expect(found.high).toBeCloseTo(high, 9);
    expect([found.low, found.high].map((it) => Number(it.toFixed(4)))).toEqual(published);
  });

  test.each([
    { bad: 3, total: 10 },
    { bad: 0, total: 7 },
    { bad: 7, total: 7 },
  ])('$bad of $total: what was not seen mirrors what was', ({ bad, total }) => {
    const good = { bad: total - bad, total };
    expect(wilsonBounds.low({ bad, total }, 0.05)).toBeCloseTo(1 - wilsonBounds.high(good, 0.05), 12);
  });

  test('of nothing nothing is known', () => {
    const nothing = { bad: 0, total: 0 };
    expect([wilsonBounds.low(nothing, 0.05), wilsonBounds.high(nothing, 0.05)]).toEqual([0, 1]);
    expect(wilsonBounds.isAbove(nothing, 0.01, 0.05) || wilsonBounds.isBelow(nothing, 0.01, 0.05)).toBe(
      false,
    );
  });

  test('what is above and below is what the bounds say', () => {
    const proportion = { bad: 5, total: 100 };
    const [low, high] = [wilsonBounds.low(proportion, 0.05), wilsonBounds.high(proportion, 0.05)];
    for (const limit of [0.01, low, 0.05, high, 0.2]) {
      expect(wilsonBounds.isAbove(proportion, limit, 0.05)).toBe(low >= limit);
      expect(wilsonBounds.isBelow(proportion, limit, 0.05)).toBe(high <= limit);
    }
  });

  test.each([
    { bad: 6, total: 5, alpha: 0.05, names: '6 of 5' },
    { bad: 0, total: 5, alpha: 0, names: 'above 0, at most 0.5' },
    { bad: 0, total: 5, alpha: 0.6, names: '0.6' },
    { bad: 0, total: 5, alpha: NaN, names: 'NaN' },
  ])('$bad of $total at $alpha is refused', ({ alpha, names, ...proportion }) => {
    expect(() => wilsonBounds.low(proportion, alpha)).toThrow(RangeError);
    expect(() => wilsonBounds.high(proportion, alpha)).toThrow(names);
  });
});
