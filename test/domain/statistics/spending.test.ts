import { describe, expect, test } from '@jest/globals';
import { obrienFlemingSpending, pocockSpending } from '../../../src/domain/statistics/spending.ts';

describe('spending of 5 %', () => {
  /** The formulas by SciPy 1.17.1 (scipy.stats.norm). */
  test.each([
    { fraction: 0.1, obrienFleming: 0.0000000006, pocock: 0.0079282539 },
    { fraction: 0.25, obrienFleming: 0.0000885754, pocock: 0.017868701 },
    { fraction: 0.5, obrienFleming: 0.0055745967, pocock: 0.0310057253 },
    { fraction: 0.75, obrienFleming: 0.0236251213, pocock: 0.041399447 },
    { fraction: 1, obrienFleming: 0.05, pocock: 0.05 },
  ])('at $fraction of the information', ({ fraction, obrienFleming, pocock }) => {
    expect(obrienFlemingSpending(fraction, 0.05)).toBeCloseTo(obrienFleming, 9);
    expect(pocockSpending(fraction, 0.05)).toBeCloseTo(pocock, 9);
  });

  test.each([0, 1.01, NaN])('at %d is refused', (fraction) => {
    expect(() => obrienFlemingSpending(fraction, 0.05)).toThrow(RangeError);
    expect(() => pocockSpending(fraction, 0.05)).toThrow('part of the information');
  });

  test('of an alpha that cannot be is refused', () => {
    expect(() => obrienFlemingSpending(0.5, 0)).toThrow(RangeError);
    expect(() => pocockSpending(0.5, 1)).toThrow(RangeError);
  });
});
