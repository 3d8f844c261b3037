import { describe, expect, test } from '@jest/globals';
import { drawBinomial } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { nonInferiority } from '../../../src/domain/statistics/non-inferiority.ts';
import {
  nonInferiorShares,
  pairedMean,
  powerAt,
  sizeFor,
  twoShares,
  winRate,
} from '../../../src/domain/statistics/power.ts';

const usual = { alpha: 0.05, power: 0.8 };

describe('sizes at a one-sided alpha of 5 % and a power of 80 %', () => {
  /** By hand: z is 1.644854 + 0.841621. The first four also by statsmodels (samplesize_proportions_2indep_onetail). */
  test.each([
    { of: '0.1 % and 1 %', question: twoShares(0.001, 0.01), size: 834 },
    { of: '0.1 % and 0.3 %', question: twoShares(0.001, 0.003), size: 6170 },
    { of: 'passes of 90 % and 81 %', question: twoShares(0.9, 0.81), size: 189 },
    { of: 'passes of 70 % and 63 %', question: twoShares(0.7, 0.63), size: 562 },
    { of: 'passes of 80 % and 72 %', question: twoShares(0.8, 0.72), size: 352 },
    { of: '0.5 % and 1 %', question: twoShares(0.005, 0.01), size: 3681 },
    { of: '0.05 % and 0.1 %', question: twoShares(0.0005, 0.001), size: 37_067 },
    { of: 'a win rate of 45 %', question: winRate(0.45), size: 617 },
    { of: 'a win rate of 40 %', question: winRate(0.4), size: 153 },
    { of: '0.8 points less, deviation 2', question: pairedMean(-0.8, 2), size: 39 },
    { of: '0.8 points less, deviation 2.5', question: pairedMean(-0.8, 2.5), size: 61 },
    { of: '0.8 points less, deviation 3', question: pairedMean(-0.8, 3), size: 87 },
    { of: 'the same 80 % by a margin of 5 points', question: nonInferiorShares(0.8, 0.05), size: 792 },
    { of: 'the same 80 % by a margin of 10 points', question: nonInferiorShares(0.8, 0.1), size: 198 },
    {
      of: 'pairs, a fifth of them discordant, by 5 points',
      question: pairedMean(0.05, 0.2 ** 0.5),
      size: 495,
    },
  ])('$of: $size', ({ question, size }) => {
    expect(sizeFor(question, usual)).toBe(size);
    expect(powerAt(size, question, usual.alpha)).toBeGreaterThanOrEqual(usual.power);
    expect(powerAt(size - 1, question, usual.alpha)).toBeLessThan(usual.power);
  });
});

/** By statsmodels: power_proportions_2indep, normal_power_het. */
test.each([
  { of: '30 % and 20 %', size: 200, question: twoShares(0.3, 0.2), alpha: 0.05, power: 0.748_259_458_8 },
  { of: '2 % and 7 %', size: 500, question: twoShares(0.02, 0.07), alpha: 0.025, power: 0.969_065_729 },
  { of: 'a win rate of 45 %', size: 500, question: winRate(0.45), alpha: 0.05, power: 0.723_808_409_1 },
  { of: '0.8 less', size: 50, question: pairedMean(-0.8, 2.5), alpha: 0.05, power: 0.731_675_439_2 },
])('the power of $size for $of', ({ size, question, alpha, power }) => {
  expect(powerAt(size, question, alpha)).toBeCloseTo(power, 7);
});

test('of 2,000 pairs of equal arms of the size for it about 80 % are shown to be non-inferior', () => {
  const random = seededRandom(23);
  const [times, margin, share] = [2000, 0.1, 0.2];
  const total = sizeFor(nonInferiorShares(share, margin), usual);
  let shown = 0;
  for (let time = 0; time < times; time += 1) {
    const [canary, stable] = [drawBinomial(total, share, random), drawBinomial(total, share, random)];
    const { outcome } = nonInferiority(
      { bad: canary, total },
      { bad: stable, total },
      { margin, alpha: usual.alpha },
    );
    if (outcome === 'nonInferior') shown += 1;
  }
  expect(shown / times).toBeGreaterThan(0.77);
  expect(shown / times).toBeLessThan(0.83);
});

describe('what cannot be planned is refused', () => {
  test.each([
    { what: 'no effect', plan: () => twoShares(0.1, 0.1), names: 'an effect of 0' },
    { what: 'no share', plan: () => winRate(1.2), names: '1.2 is no share' },
    { what: 'a negative margin', plan: () => nonInferiorShares(0.2, -0.1), names: 'an effect of -0.1' },
    { what: 'no deviation', plan: () => pairedMean(1, 0), names: 'a deviation of 0' },
    {
      what: 'certainty',
      plan: () => sizeFor(winRate(0.4), { alpha: 0.05, power: 1 }),
      names: '1 is no power',
    },
    { what: 'an alpha of 0', plan: () => sizeFor(winRate(0.4), { alpha: 0, power: 0.8 }), names: '0 is no' },
    { what: 'an empty sample', plan: () => powerAt(0, winRate(0.4), 0.05), names: 'a sample of 0' },
  ])('$what', ({ plan, names }) => {
    expect(plan).toThrow(RangeError);
    expect(plan).toThrow(names);
  });
});
