import type { Interval, Proportion } from './proportion.ts';

/** Bounds of a true share by what was counted. Which ones are right depends on how often somebody looks. */
export interface Bounds {
  /** The true share is below this with a probability of at most `alpha`. */
  low(proportion: Proportion, alpha: number): number;
  /** The true share is above this with a probability of at most `alpha`. */
  high(proportion: Proportion, alpha: number): number;
  /** Whether `low` reaches a limit; quicker than asking for `low`. */
  isAbove(proportion: Proportion, limit: number, alpha: number): boolean;
  /** Whether `high` is below a limit, or is it; quicker than asking for `high`. */
  isBelow(proportion: Proportion, limit: number, alpha: number): boolean;
}

/** Both bounds. */
export function intervalOf(
  bounds: Bounds,
  proportion: Proportion,
  alpha: { readonly low: number; readonly high: number },
): Interval {
  return { low: bounds.low(proportion, alpha.low), high: bounds.high(proportion, alpha.high) };
}

/** No doubt: the share that was seen is taken for the true one. */
export const pointBounds: Bounds = {
  low: shareOf,
  high: shareOf,
  isAbove: ({ bad, total }, limit) => bad > limit * total,
  isBelow: ({ bad, total }, limit) => bad < limit * total,
};

function shareOf({ bad, total }: Proportion): number {
  return bad / total;
}
