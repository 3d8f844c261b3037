import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { pairedBootstrap } from '../../../src/domain/statistics/paired-bootstrap.ts';

const scores = [-1, 0, 0, 1, 2, 0, -1, 3, 0, 0, 1, -2, 5, 0, 1, 0, -1, 2, 0, 1, 8, 0, -1, 1, 0];
const skewed = [
  0.1, 0.2, 0.15, 3.2, 0.4, 0.05, 0.9, 1.7, 0.3, 6.1, 0.25, 0.6, 0.12, 0.8, 2.2, 0.33, 0.07, 1.1, 0.5, 0.45,
];

describe('the bootstrap of a mean difference', () => {
  /**
   * By SciPy 1.17.1: scipy.stats.bootstrap(method="BCa") with 200,000 resamples, whose own chance is about 0.01 (twice 0.04
   * where the scores are whole). The percentile method alone would end at 1.64 and 1.68.
   */
  test.each([
    { name: 'whole scores', differences: scores, mean: 0.76, low: 0.16, high: 1.86 },
    { name: 'skewed ones', differences: skewed, mean: 0.976, low: 0.543, high: 1.971 },
  ])('$name: as another implementation has it', ({ differences, mean, low, high }) => {
    const random = seededRandom(31);
    const found = pairedBootstrap(Object.freeze(differences), { alpha: 0.025, resamples: 20_000, random });
    expect(found.mean).toBeCloseTo(mean, 12);
    expect(Math.abs(found.low - low)).toBeLessThanOrEqual(0.0401);
    expect(Math.abs(found.high - high)).toBeLessThanOrEqual(0.06);
  });

  test('the same chance gives the same bounds, and mirrored differences mirrored ones', () => {
    const bounds = (differences: readonly number[]) =>
      pairedBootstrap(differences, { alpha: 0.05, resamples: 5000, random: seededRandom(37) });
    expect(bounds(skewed)).toEqual(bounds(skewed));
    const mirrored = bounds(skewed.map((it) => -it));
    expect(mirrored.low).toBeCloseTo(-bounds(skewed).high, 1);
    expect(mirrored.high).toBeCloseTo(-bounds(skewed).low, 1);
  });

  test('pairs that all differ by the same have no spread', () => {
    const found = pairedBootstrap([0.1, 0.1, 0.1], { alpha: 0.05, resamples: 200, random: seededRandom(1) });
    expect(found.high).toBe(found.low);
    expect(found.low).toBeCloseTo(0.1, 12);
  });

  test('has the true mean between its bounds in more than 90 % of 400 samples of 30 skewed pairs', () => {
    const random = seededRandom(41);
    const times = 400;
    let kept = 0;
    for (let time = 0; time < times; time += 1) {
      // Exponential: mean 1, skewness 2.
      const differences = Array.from({ length: 30 }, () => -Math.log(1 - random()));
      const { low, high } = pairedBootstrap(differences, { alpha: 0.025, resamples: 400, random });
      if (low <= 1 && 1 <= high) kept += 1;
    }
    // Asked for are 95 %: of skewed samples of this size the interval is known to be a little too sure.
    expect(kept / times).toBeGreaterThan(0.9);
    expect(kept / times).toBeLessThan(0.98);
  });

  test.each([
    { differences: [1], alpha: 0.05, resamples: 2000, names: '1 pairs' },
    { differences: [1, NaN], alpha: 0.05, resamples: 2000, names: 'not finite' },
    { differences: [1, 2], alpha: 0, resamples: 2000, names: 'probability of error' },
    { differences: [1, 2], alpha: 0.05, resamples: 99, names: '99 resamples' },
    { differences: [1, 2], alpha: 0.001, resamples: 2000, names: '2000 resamples at 0.001' },
  ])(
    '$differences at $alpha with $resamples resamples is refused',
    ({ differences, names, ...resampling }) => {
      const bootstrap = () => pairedBootstrap(differences, { ...resampling, random: seededRandom(1) });
      expect(bootstrap).toThrow(RangeError);
      expect(bootstrap).toThrow(names);
    },
  );
});
