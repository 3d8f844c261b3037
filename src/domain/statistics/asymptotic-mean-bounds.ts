import { checkAlpha, deviationsAt } from './alpha.ts';

/** What is known of some amounts, one a request, none of them negative: what each cost, for example. */
export interface SampleMean {
  readonly count: number;
  readonly mean: number;
  /** Their standard deviation, or a number above it where nobody knows it exactly. */
  readonly deviation: number;
}

/** Bounds of the true mean, in the unit of the amounts. Asymptotic: right for many requests, and no proof for a few. */
export interface MeanBounds {
  /** The true mean is below this with a probability of about `alpha`; never negative. */
  low(sample: SampleMean, alpha: number): number;
  /** The true mean is above this with a probability of about `alpha`; Infinity where there are too few requests to say. */
  high(sample: SampleMean, alpha: number): number;
}

/** For a mean that is looked at once: by the central limit theorem. */
export const singleLookMeanBounds: MeanBounds = boundsBy(
  (count, alpha) => deviationsAt(alpha) / Math.sqrt(count),
);

/**
 * Where the bounds of {@link sequentialMeanBounds} are tightest: about 200 requests at an alpha of 0.05, 560 at 0.0001. It
 * must not depend on what was seen.
 */
const rho = 0.2;

/**
 * For a mean that may be looked at as often as one likes, from some hundred requests on: one-sided asymptotic confidence
 * sequences, so that the true mean is **ever** beyond one of the two with a probability of about its `alpha`.
 *
 * Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence
 * sequences", Ann. Statist. 52 (2024), section 2 and the one-sided form in its supplement; Robbins' normal mixture (1970)
 * with the deviation estimated.
 */
export const sequentialMeanBounds: MeanBounds = boundsBy((count, alpha) => {
  const time = count * rho ** 2;
  return Math.sqrt((2 * (time + 1) * Math.log1p(Math.sqrt(time + 1) / (2 * alpha))) / time / count);
});

/**
 * The mean less so many deviations; above it more than that. Amounts like costs have a few large values: a sample without
 * them has too small a mean and too small a deviation at once, so that `mean + margin` is too low far more often than it
 * should be (8 instead of 2.5 % of samples of 100 lognormal amounts). Taking the deviation to be in proportion to the mean,
 * mean / (1 - margin / mean), is the same for many requests, and much nearer to the truth for some hundred.
 * @param deviations of the mean's error, in standard deviations of one amount.
 */
function boundsBy(deviations: (count: number, alpha: number) => number): MeanBounds {
  const marginOf = (sample: SampleMean, alpha: number): number => {
    checkSample(sample);
    checkAlpha(alpha);
    // The deviation of a single amount is not known.
    return sample.count < 2 ? Infinity : sample.deviation * deviations(sample.count, alpha);
  };
  return {
    low: (sample, alpha) => Math.max(0, sample.mean - marginOf(sample, alpha)),
    high: (sample, alpha) => {
      const margin = marginOf(sample, alpha);
      return margin >= sample.mean ? Infinity : sample.mean / (1 - margin / sample.mean);
    },
  };
}

function checkSample(sample: SampleMean): void {
  const { count, mean, deviation } = sample;
  if (!(count >= 0 && mean >= 0 && deviation >= 0 && count + mean + deviation < Infinity))
    throw new RangeError(
      `a sample of ${count} with mean ${mean} and deviation ${deviation} cannot be; allowed: 0 and above, finite`,
    );
}
