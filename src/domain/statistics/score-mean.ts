import { deviationsAt, studentDeviationsAt } from './alpha.ts';
import type { Interval } from './proportion.ts';
import { wilsonBounds } from './wilson.ts';

/** Of values from 0 to 1; the variance is the sample's (divided by `count` - 1). */
export interface ScoreSample {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/**
 * Where the true mean of values from 0 to 1 lies: below `low`, or above `high`, with a probability of about its alpha.
 *
 * No value scatters more than one that is only ever 0 or 1. So the interval is Wilson's for shares, of as many such values
 * as would give the same standard error, fewer by what it costs to estimate it: as for shares in surveys, Korn and
 * Graubard, "Confidence intervals for proportions with small expected number of positive counts estimated from survey
 * data", Survey Methodology 24 (1998), with Wilson's bounds for exact ones (Franco, Little, Louis and Slud, "Comparative
 * study of confidence intervals for proportions in complex sample surveys", J. Surv. Stat. Methodol. 7, 2019). It stays
 * between 0 and 1, and near them reaches further inwards than mean and deviation do, which are too sure of skewed values.
 * Values that are all the same say nothing of how they scatter: they are taken for as many of 0 or 1.
 */
export function scoreMeanInterval(
  { count, mean, variance }: ScoreSample,
  alpha: { readonly low: number; readonly high: number },
): Interval {
  if (!(count >= 0 && mean >= 0 && mean <= 1 && variance >= 0 && count + variance < Infinity))
    throw new RangeError(
      `a mean of ${mean} of ${count} scores with variance ${variance} cannot be; allowed: 0 to 1, finite`,
    );
  const bound = (of: 'low' | 'high') => {
    const total = count < 2 ? 0 : effective({ count, mean, variance }, alpha[of]);
    return wilsonBounds[of]({ bad: mean * total, total }, alpha[of]);
  };
  return { low: bound('low'), high: bound('high') };
}

function effective({ count, mean, variance }: ScoreSample, alpha: number): number {
  const alike = variance > 0 ? Math.max(1, (mean * (1 - mean)) / variance) : 1;
  const student = studentDeviationsAt(alpha, count - 1);
  // At an alpha of 1/2 both are 0: a bound that is a point needs no correction.
  return alike * count * (student > 0 ? deviationsAt(alpha) / student : 1) ** 2;
}
