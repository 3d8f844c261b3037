import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** @throws RangeError for a probability of error that nobody can want. */
export function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha <= 0.5))
    throw new RangeError(`${alpha} is no probability of error; allowed: above 0, at most 0.5`);
}

/** How many standard deviations above its mean a normal value lies with the probability `alpha`: 1.96 at 0.025. */
export function deviationsAt(alpha: number): number {
  checkAlpha(alpha);
  // By the lower tail: of 1 - alpha the digits of a small alpha would be lost.
  return -normalQuantile(alpha, 0, 1);
}

/**
 * The same for a mean whose deviation was estimated: Student's t with so many degrees of freedom, 2.26 at 0.025 and 9.
 * By the beta distribution: t² / (freedom + t²) is Beta(1/2, freedom / 2).
 */
export function studentDeviationsAt(alpha: number, freedom: number): number {
  checkAlpha(alpha);
  const within = betaQuantile(2 * alpha, freedom / 2, 1 / 2);
  return Math.sqrt((freedom * (1 - within)) / within);
}
