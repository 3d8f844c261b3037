import { newcombeBounds } from './newcombe.ts';
import type { Proportion } from './proportion.ts';

/** Whether a canary is no worse than stable, but for a margin. */
export interface NonInferiority {
  /** `undecided`: the counts allow for both. */
  readonly outcome: 'nonInferior' | 'inferior' | 'undecided';
  /** Canary less stable, as seen; NaN where one of them saw nothing. */
  readonly difference: number;
  /** Of the true difference, each at alpha. */
  readonly low: number;
  readonly high: number;
}

export interface NonInferiorityTerms {
  /** By how much the canary's share may be larger than stable's, as a share: 0.05 for 5 points. The margin itself fails. */
  readonly margin: number;
  /** Probability of calling a canary non-inferior that is worse by the margin, or inferior one that is not. */
  readonly alpha: number;
}

/**
 * Holds the difference of two shares, of which less is better, against a margin: non-inferior when its upper bound is
 * below the margin (one-sided, Newcombe's method 10), inferior when its lower bound is above. That no difference is seen
 * shows nothing: a few requests never do. Piaggio, Elbourne, Pocock, Evans and Altman, "Reporting of noninferiority and
 * equivalence randomized trials", JAMA 308 (2012), p. 2594.
 */
export function nonInferiority(
  canary: Proportion,
  stable: Proportion,
  { margin, alpha }: NonInferiorityTerms,
): NonInferiority {
  if (!(margin >= 0 && margin < 1))
    throw new RangeError(`${margin} is no margin of a share; allowed: 0 and above, below 1`);
  const low = newcombeBounds.low(canary, stable, alpha);
  const high = newcombeBounds.high(canary, stable, alpha);
  const outcome = high < margin ? 'nonInferior' : low > margin ? 'inferior' : 'undecided';
  return { outcome, difference: canary.bad / canary.total - stable.bad / stable.total, low, high };
}
