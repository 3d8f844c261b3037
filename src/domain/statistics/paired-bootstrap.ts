import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import type { Random } from '../simulation/random.ts';
import { checkAlpha } from './alpha.ts';

/** Where the mean of paired differences lies, in their unit. */
export interface PairedMean {
  /** As seen. */
  readonly mean: number;
  /** The true mean is below this, or above that, with a probability of about `alpha` each. */
  readonly low: number;
  readonly high: number;
}

export interface Resampling {
  /** On each side. */
  readonly alpha: number;
  /** Samples drawn from the sample, at least 100 and 10 for each `alpha` of them; 2,000 do for 0.025. */
  readonly resamples: number;
  readonly random: Random;
}

/**
 * Bounds of the mean difference of pairs (the scores of two answers to one prompt, for example) by drawing from those that
 * were seen, corrected for bias and skewness (BCa): Efron, "Better bootstrap confidence intervals", J. Am. Stat. Assoc. 82
 * (1987), p. 171; Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), section 14.3. For some twenty pairs or
 * more: of a few it is too sure.
 * @param differences of the pairs; two or more.
 */
export function pairedBootstrap(
  differences: readonly number[],
  { alpha, resamples, random }: Resampling,
): PairedMean {
  checkDifferences(differences);
  checkAlpha(alpha);
  if (!(Number.isInteger(resamples) && resamples >= 100 && resamples * alpha >= 10))
    throw new RangeError(`${resamples} resamples at ${alpha}; allowed: whole, at least 100 and 10 / alpha`);
  const mean = meanOf(differences);
  const drawn = resampled(differences, resamples, random);
  const acceleration = accelerationOf(differences, mean);
  const bias = normalQuantile(shareBelow(drawn, mean), 0, 1);
  const bound = (share: number) => {
    const z = bias + normalQuantile(share, 0, 1);
    const corrected = normalCdf(bias + z / (1 - acceleration * z), 0, 1);
    return drawn[Math.min(resamples - 1, Math.floor(corrected * resamples))] ?? NaN;
  };
  return { mean, low: bound(alpha), high: bound(1 - alpha) };
}

/** Means of samples of the same size, rising. */
function resampled(differences: readonly number[], resamples: number, random: Random): Float64Array {
  return Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let drawn = differences.length; drawn > 0; drawn -= 1)
      sum += differences[Math.floor(random() * differences.length)] ?? NaN;
    return sum / differences.length;
  }).sort();
}

/** Of those that are equal, half. */
function shareBelow(drawn: Float64Array, mean: number): number {
  const [below, equal] = [drawn.filter((it) => it < mean).length, drawn.filter((it) => it === mean).length];
  return (below + equal / 2) / drawn.length;
}

/** What leaving out one pair after the other tells of the skewness; of a mean it has a closed form. */
function accelerationOf(differences: readonly number[], mean: number): number {
  const sumOf = (power: number) => differences.reduce((sum, it) => sum + (it - mean) ** power, 0);
  const squares = sumOf(2);
  return squares === 0 ? 0 : sumOf(3) / (6 * squares ** 1.5);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, it) => sum + it, 0) / values.length;
}

function checkDifferences(differences: readonly number[]): void {
  if (differences.length < 2)
    throw new RangeError(`${differences.length} pairs have no spread; allowed: 2 and more`);
  if (!differences.every((it) => Number.isFinite(it)))
    throw new RangeError('a difference is not finite; allowed: finite numbers');
}
