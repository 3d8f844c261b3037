import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { pairedDifference, winRateInterval } from '../../../src/domain/statistics/paired-difference.ts';

describe("Tango's interval of a paired difference", () => {
  /**
   * The first two: Tango, "Equivalence test and confidence interval for the difference in proportions for the paired-sample
   * design", Statistics in Medicine 17 (1998). The third: Fagerland, Lydersen and Laake, "Statistical Analysis of
   * Contingency Tables" (2017), chapter 8 (Cavo et al. 2012).
   */
  test.each([
    { counts: { wins: 0, losses: 1, ties: 43 }, alpha: 0.05, published: ['-0.096', '0.037'] },
    { counts: { wins: 9, losses: 3, ties: 20 }, alpha: 0.025, published: ['-0.027', '0.390'] },
    { counts: { wins: 6, losses: 16, ties: 139 }, alpha: 0.025, published: ['-0.1240', '-0.0054'] },
  ])('$counts: as published', ({ counts, alpha, published }) => {
    const { low, high } = pairedDifference(counts, { low: alpha, high: alpha });
    const places = (published[0]?.split('.')[1] ?? '').length;
    expect([low, high].map((it) => it.toFixed(places))).toEqual(published);
  });

  /** By SciPy 1.17.1: scipy.optimize.brentq on Tango's statistic. */
  test.each([
    { counts: { wins: 16, losses: 8, ties: 62 }, low: -0.019_658_923, high: 0.206_910_771 },
    { counts: { wins: 1, losses: 7, ties: 13 }, low: -0.517_232_276, high: -0.026_003_032 },
    { counts: { wins: 40, losses: 20, ties: 100 }, low: 0.030_864_533, high: 0.218_064_244 },
  ])('$counts, two-sided 95 %: as another implementation has it', ({ counts, low, high }) => {
    const found = pairedDifference(counts, { low: 0.025, high: 0.025 });
    expect(found.low).toBeCloseTo(low, 8);
    expect(found.high).toBeCloseTo(high, 8);
  });

  test('without ties it is what Wilson says of the share of wins', () => {
    // Newcombe (1998), table I: 81 of 263, 0.2553 to 0.3662.
    const { low, high } = winRateInterval({ wins: 81, losses: 182, ties: 0 }, { low: 0.025, high: 0.025 });
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2553', '0.3662']);
  });

  test('each end has its own alpha', () => {
    const counts = { wins: 30, losses: 40, ties: 130 };
    const [wide, narrow] = [0.001, 0.1].map((it) => pairedDifference(counts, { low: it, high: it }));
    expect(pairedDifference(counts, { low: 0.001, high: 0.1 })).toEqual({
      low: wide?.low,
      high: narrow?.high,
    });
  });

  test('pairs that all end alike still leave doubt, and none leave all of it', () => {
    const alpha = { low: 0.025, high: 0.025 };
    const allWon = pairedDifference({ wins: 20, losses: 0, ties: 0 }, alpha);
    expect(allWon.low).toBeCloseTo(1 - (2 * 3.841_458_8) / 23.841_458_8, 6);
    expect(allWon.high).toBeCloseTo(1, 9);
    const allTied = pairedDifference({ wins: 0, losses: 0, ties: 20 }, alpha);
    expect(allTied.high).toBeGreaterThan(0.1);
    expect(allTied.low).toBe(-allTied.high);
    expect(pairedDifference({ wins: 0, losses: 0, ties: 0 }, alpha)).toEqual({ low: -1, high: 1 });
  });

  test('of 4,000 samples of 100 pairs the true win rate is beyond either end in about alpha', () => {
    const random = seededRandom(43);
    const [times, share] = [4000, { wins: 0.25, losses: 0.4 }];
    const truth = 1 / 2 + (share.wins - share.losses) / 2;
    const wrong = { low: 0, high: 0 };
    for (let time = 0; time < times; time += 1) {
      const counts = { wins: 0, losses: 0, ties: 0 };
      for (let pair = 0; pair < 100; pair += 1) {
        const drawn = random();
        if (drawn < share.wins) counts.wins += 1;
        else if (drawn < share.wins + share.losses) counts.losses += 1;
        else counts.ties += 1;
      }
      const { low, high } = winRateInterval(counts, { low: 0.05, high: 0.01 });
      if (low > truth) wrong.low += 1;
      if (high < truth) wrong.high += 1;
    }
    expect(Math.abs(wrong.low / times - 0.05)).toBeLessThan(0.015);
    expect(Math.abs(wrong.high / times - 0.01)).toBeLessThan(0.006);
  });

  test.each([
    { wins: -1, losses: 1, ties: 1 },
    { wins: 1, losses: NaN, ties: 1 },
    { wins: 1, losses: 1, ties: Infinity },
  ])('$wins wins, $losses losses and $ties ties are refused', (counts) => {
    expect(() => pairedDifference(counts, { low: 0.05, high: 0.05 })).toThrow(RangeError);
  });
});
