import type { Proportion } from './proportion.ts';
import { wilsonBounds } from './wilson.ts';

/** Bounds of the difference of two independent true shares, `one` less `other`, looked at once: -1 to 1. */
export interface DifferenceBounds {
  /** The true difference is below this with a probability of about `alpha`. */
  low(one: Proportion, other: Proportion, alpha: number): number;
  /** The true difference is above this with a probability of about `alpha`. */
  high(one: Proportion, other: Proportion, alpha: number): number;
}

/**
 * Newcombe's hybrid score bounds: each share's distance to its own Wilson bound, put together as the legs of a right
 * triangle. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
 * methods", Statistics in Medicine 17 (1998), pp. 873-890, method 10.
 */
export const newcombeBounds: DifferenceBounds = {
  low,
  // What `one` has more than `other` at most, `other` has less than `one` at least.
  high: (one, other, alpha) => -low(other, one, alpha),
};

function low(one: Proportion, other: Proportion, alpha: number): number {
  const [lowest, highest] = [wilsonBounds.low(one, alpha), wilsonBounds.high(other, alpha)];
  if (one.total === 0 || other.total === 0) return -1;
  const [share, otherShare] = [one.bad / one.total, other.bad / other.total];
  return share - otherShare - Math.hypot(share - lowest, highest - otherShare);
}
