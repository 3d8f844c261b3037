import { studentDeviationsAt } from './alpha.ts';
import type { Interval } from './proportion.ts';

/** Two amounts of each of `count` things; variances and covariance are the sample's (divided by `count` - 1). */
export interface PairedMeans {
  readonly count: number;
  readonly numerator: { readonly mean: number; readonly variance: number };
  readonly denominator: { readonly mean: number; readonly variance: number };
  readonly covariance: number;
}

/**
 * Where the quotient of the true means lies: below `low`, or above `high`, with a probability of about its alpha each.
 *
 * Fieller's interval for pairs: the ratios r at which the mean of `numerator - r denominator` lies no further than so many
 * standard errors from 0, which are the roots of a quadratic. Fieller, "Some problems in interval estimation", J. R. Stat.
 * Soc. B 16 (1954), pp. 175-185; exact for normal amounts, about right for others from some tens on.
 *
 * Where the denominator's mean is not proven to be above 0 at an end's alpha, every ratio may be the true one: that end is
 * infinite. So are both of fewer than two pairs. A negative mean of the denominator is not meant.
 */
export function ratioOfMeans(
  means: PairedMeans,
  alpha: { readonly low: number; readonly high: number },
): Interval {
  checkMeans(means);
  return { low: end(means, alpha.low, -1), high: end(means, alpha.high, 1) };
}

/** @param side -1: the lower root; 1: the upper one. */
function end(
  { count, numerator, denominator, covariance }: PairedMeans,
  alpha: number,
  side: -1 | 1,
): number {
  if (count < 2) return side * Infinity;
  const square = studentDeviationsAt(alpha, count - 1) ** 2 / count;
  const a = denominator.mean ** 2 - square * denominator.variance;
  if (!(a > 0 && denominator.mean > 0)) return side * Infinity;
  const b = numerator.mean * denominator.mean - square * covariance;
  const c = numerator.mean ** 2 - square * numerator.variance;
  // Below 0 only by rounding.
  return (b + side * Math.sqrt(Math.max(0, b ** 2 - a * c))) / a;
}

function checkMeans({ count, numerator, denominator, covariance }: PairedMeans): void {
  const [one, other] = [numerator.variance, denominator.variance];
  const isFinite = [count, numerator.mean, denominator.mean, one, other, covariance].every(Number.isFinite);
  // Variances that were rounded on their way may be a little small for their covariance.
  const fits = Math.abs(covariance) <= Math.sqrt(one * other) * 1.001 + 1e-6;
  if (!(isFinite && count >= 0 && one >= 0 && other >= 0 && fits))
    throw new RangeError(
      `means of ${count} pairs with variances ${one} and ${other} and covariance ${covariance} cannot be; allowed: finite, variances of 0 and above, no larger covariance than they have`,
    );
}
