import { describe, expect, test } from '@jest/globals';
import { drawBinomial, drawClasses } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';

const times = 20_000;

describe('binomial draws have the mean and the variance of the distribution', () => {
  test.each([
    { total: 50, share: 0.02, how: 'by jumps' },
    { total: 300, share: 0.3, how: 'just below the normal approximation' },
    { total: 2000, share: 0.1, how: 'by the normal approximation' },
    { total: 2000, share: 0.97, how: 'mirrored' },
  ])('$total at $share: $how', ({ total, share }) => {
    const random = seededRandom(3);
    const drawn = Array.from({ length: times }, () => drawBinomial(total, share, random));
    const mean = drawn.reduce((sum, it) => sum + it, 0) / times;
    const variance = drawn.reduce((sum, it) => sum + (it - mean) ** 2, 0) / times;
    const expected = total * share * (1 - share);
    // Four standard errors.
    expect(Math.abs(mean - total * share)).toBeLessThan(4 * Math.sqrt(expected / times));
    expect(variance / expected).toBeGreaterThan(1 - 4 * Math.sqrt(3 / times));
    expect(variance / expected).toBeLessThan(1 + 4 * Math.sqrt(3 / times));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(total);
  });

  test('what is certain needs no chance', () => {
    const none = () => {
      throw new Error('asked for chance');
    };
    expect([drawBinomial(7, 0, none), drawBinomial(7, 1, none), drawBinomial(0, 0, none)]).toEqual([0, 7, 0]);
  });
});

test('classes share everything out, each its part', () => {
  const random = seededRandom(5);
  const sums = [0, 0, 0, 0];
  for (let turn = 0; turn < 2000; turn += 1) {
    const drawn = drawClasses(40, [0.1, 0.1, 0.7, 1], random);
    expect(drawn.reduce((sum, it) => sum + it, 0)).toBe(40);
    drawn.forEach((it, index) => (sums[index] = (sums[index] ?? 0) + it));
  }
  expect(sums.map((it) => Math.round((it / 80_000) * 100) / 100)).toEqual([0.1, 0, 0.6, 0.3]);
});
