import { describe, expect, test } from '@jest/globals';
import { mannWhitney } from '../../../src/domain/statistics/mann-whitney.ts';

describe('the test of Mann and Whitney', () => {
  /** By SciPy 1.17.1: scipy.stats.mannwhitneyu(one, other, method="asymptotic"), for each alternative. */
  test.each([
    {
      name: 'no ties',
      one: [19, 22, 16, 29, 24],
      other: [20, 11, 17, 12],
      u: 17,
      p: [0.111_346_886_5, 0.055_673_443_3, 0.966_903_710_1],
    },
    {
      name: 'ties within and between',
      one: [1, 2, 2, 3, 5, 5, 5],
      other: [2, 3, 4, 4, 5, 6, 7, 7],
      u: 16,
      p: [0.176_522_860_5, 0.929_092_290_7, 0.088_261_430_3],
    },
    {
      name: 'mostly ties, half a pair',
      one: [0, 0, 0, 1, 0, 2],
      other: [0, 1, 1, 0, 3, 2, 1, 1],
      u: 14.5,
      p: [0.214_696_163_2, 0.915_993_561_8, 0.107_348_081_6],
    },
    {
      name: 'all of one below all of the other',
      one: [1.5, 2.5, 3.5],
      other: [10, 20, 30, 40],
      u: 0,
      p: [0.051_829_927_2, 0.989_221_866_6, 0.025_914_963_6],
    },
    { name: 'nothing but ties', one: [3, 3, 3], other: [3, 3], u: 3, p: [1, 1, 1] },
  ])('$name', ({ one, other, u, p }) => {
    const found = mannWhitney(Object.freeze(one), Object.freeze(other));
    expect(found.u).toBe(u);
    expect(found.effect).toBeCloseTo(u / (one.length * other.length), 12);
    for (const [index, value] of [found.p.twoSided, found.p.larger, found.p.smaller].entries())
      expect(value).toBeCloseTo(p[index] ?? NaN, 9);
  });

  test('the other way round it is the mirror image', () => {
    const [one, other] = [
      [3, 1, 4, 1, 5],
      [9, 2, 6, 5, 3, 5],
    ];
    const [there, back] = [mannWhitney(one, other), mannWhitney(other, one)];
    expect(there.u + back.u).toBe(30);
    expect(there.p).toEqual({
      twoSided: back.p.twoSided,
      larger: back.p.smaller,
      smaller: back.p.larger,
    });
  });

  test('what never ended is larger than everything', () => {
    expect(mannWhitney([Infinity, Infinity], [1, 2]).effect).toBe(1);
    expect(mannWhitney([Infinity, 1], [Infinity, 1]).effect).toBe(0.5);
  });

  test('nothing, and what is no number, cannot be ranked', () => {
    expect(() => mannWhitney([], [1])).toThrow('empty');
    expect(() => mannWhitney([1], [])).toThrow(RangeError);
    expect(() => mannWhitney([1, NaN], [2])).toThrow('NaN');
  });
});
