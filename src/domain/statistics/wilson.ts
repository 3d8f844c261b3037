import { deviationsAt } from './alpha.ts';
import type { Bounds } from './bounds.ts';
import { checkProportion, type Proportion } from './proportion.ts';

/**
 * Score bounds of a share that is looked at once, without continuity correction. Wilson, "Probable inference, the law of
 * succession, and statistical inference", J. Am. Stat. Assoc. 22 (1927), p. 209: the shares p that lie z standard errors
 * sqrt(p (1 - p) / total) from the one that was seen, which are the roots of a quadratic.
 *
 * Right on average over shares and totals, not for each: narrower than exact bounds, which never err more than alpha.
 */
export const wilsonBounds: Bounds = {
  low,
  high,
  isAbove: (proportion, limit, alpha) => low(proportion, alpha) >= limit,
  isBelow: (proportion, limit, alpha) => high(proportion, alpha) <= limit,
};

function low(proportion: Proportion, alpha: number): number {
  const { middle, half } = rootsOf(proportion, alpha);
  // Rounding would leave a trace of a share.
  return proportion.bad === 0 ? 0 : middle - half;
}

function high(proportion: Proportion, alpha: number): number {
  const { middle, half } = rootsOf(proportion, alpha);
  return proportion.bad === proportion.total ? 1 : middle + half;
}

function rootsOf(proportion: Proportion, alpha: number): { readonly middle: number; readonly half: number } {
  checkProportion(proportion);
  const { bad, total } = proportion;
  const z = deviationsAt(alpha);
  const scale = total + z ** 2;
  // Of nothing the roots are 0 and 1.
  const spread = total === 0 ? 0 : (bad * (total - bad)) / total;
  return { middle: (bad + z ** 2 / 2) / scale, half: (z * Math.sqrt(spread + z ** 2 / 4)) / scale };
}
