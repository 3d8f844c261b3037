import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { checkAlpha, deviationsAt } from './alpha.ts';

/**
 * How much of `alpha` may be used up when a part of the planned information is there: 0 at 0, all of it at 1. Looks may
 * then come when they come, as long as it is not what was seen that makes them come.
 * @param fraction 0 to 1, of the requests that the last look has.
 */
export type Spending = (fraction: number, alpha: number) => number;

/**
 * Next to nothing at first, as O'Brien and Fleming's boundaries do: 2 - 2 Φ(z(alpha/2) / √fraction). Lan and DeMets,
 * "Discrete sequential boundaries for clinical trials", Biometrika 70 (1983), p. 661, for one side.
 */
export const obrienFlemingSpending: Spending = (fraction, alpha) => {
  checkFraction(fraction);
  return 2 * normalCdf(-deviationsAt(alpha / 2) / Math.sqrt(fraction), 0, 1);
};

/** About as much at each look, as Pocock's boundaries do: alpha ln(1 + (e - 1) fraction); the same place. */
export const pocockSpending: Spending = (fraction, alpha) => {
  checkFraction(fraction);
  checkAlpha(alpha);
  return alpha * Math.log1p((Math.E - 1) * fraction);
};

function checkFraction(fraction: number): void {
  if (!(fraction > 0 && fraction <= 1))
    throw new RangeError(`${fraction} is no part of the information; allowed: above 0, at most 1`);
}
