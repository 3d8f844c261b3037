import { describe, expect, test } from '@jest/globals';
import { exactBounds } from '../../../src/domain/statistics/exact-bounds.ts';

describe('exact bounds', () => {
  /**
   * Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I,
   * method 5 (four digits), and the same to more digits by SciPy 1.17.1 (scipy.stats.beta.ppf).
   */
  test.each([
    { bad: 81, total: 263, published: [0.2527, 0.3676], low: 0.252_736_745_6, high: 0.367_621_922_6 },
    { bad: 15, total: 148, published: [0.0578, 0.1617], low: 0.057_844_010_1, high: 0.161_650_490_3 },
    { bad: 0, total: 20, published: [0, 0.1684], low: 0, high: 0.168_433_471 },
    { bad: 1, total: 29, published: [0.0009, 0.1776], low: 0.000_872_646_9, high: 0.177_644_295_5 },
    { bad: 3, total: 3, published: [0.2924, 1], low: 0.292_401_773_8, high: 1 },
  ])('$bad of $total, two-sided 95 %: as published', ({ bad, total, published, low, high }) => {
    const found = {
      low: exactBounds.low({ bad, total }, 0.025),
      high: exactBounds.high({ bad, total }, 0.025),
    };
    expect(found.low).toBeCloseTo(low, 9);
    expect(found.high).toBeCloseTo(high, 9);
    expect([found.low, found.high].map((it) => Number(it.toFixed(4)))).toEqual(published);
  });

  test('no failure in 2,995 requests proves less than 0.1 %, in 2,994 it does not', () => {
    expect(exactBounds.isBelow({ bad: 0, total: 2995 }, 0.001, 0.05)).toBe(true);
    expect(exactBounds.isBelow({ bad: 0, total: 2994 }, 0.001, 0.05)).toBe(false);
  });

  test('of nothing nothing is known', () => {
    const nothing = { bad: 0, total: 0 };
    expect([exactBounds.low(nothing, 0.05), exactBounds.high(nothing, 0.05)]).toEqual([0, 1]);
    expect(exactBounds.isAbove(nothing, 0.01, 0.05) || exactBounds.isBelow(nothing, 0.01, 0.05)).toBe(false);
  });

  test.each([
    { bad: -1, total: 5 },
    { bad: 6, total: 5 },
    { bad: NaN, total: 5 },
    { bad: 0, total: Infinity },
  ])('$bad of $total is refused', (proportion) => {
    expect(() => exactBounds.low(proportion, 0.05)).toThrow(RangeError);
    expect(() => exactBounds.high(proportion, 0.05)).toThrow(RangeError);
  });
});
