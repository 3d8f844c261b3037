import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import type { Bounds } from './bounds.ts';
import { checkProportion, type Proportion } from './proportion.ts';

/**
 * Exact bounds of a share that is looked at once. Clopper and Pearson, "The use of confidence or fiducial limits
 * illustrated in the case of the binomial", Biometrika 26 (1934): the quantile alpha of Beta(bad, good + 1), and
 * 1 - alpha of Beta(bad + 1, good). A two-sided 95 % interval has an alpha of 0.025 on each side.
 */
export const exactBounds: Bounds = {
  low,
  high,
  isAbove: (proportion, limit, alpha) => low(proportion, alpha) >= limit,
  isBelow: (proportion, limit, alpha) => high(proportion, alpha) <= limit,
};

function low(proportion: Proportion, alpha: number): number {
  checkProportion(proportion);
  const { bad, total } = proportion;
  return bad === 0 ? 0 : betaQuantile(alpha, bad, total - bad + 1);
}

function high(proportion: Proportion, alpha: number): number {
  checkProportion(proportion);
  const { bad, total } = proportion;
  return bad === total ? 1 : betaQuantile(1 - alpha, bad + 1, total - bad);
}
