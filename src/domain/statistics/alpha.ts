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
