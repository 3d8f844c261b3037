import betaCdf from '@stdlib/stats-base-dists-beta-cdf';
import betaln from '@stdlib/math-base-special-betaln';
import type { Bounds } from './bounds.ts';
import { checkProportion, type Proportion } from './proportion.ts';

/**
 * The mixture's shape, Beta(a, b): most of its weight is on small shares, where the limits of error rates lie. Any shape
 * is valid; this one proves 2 to 20 % against 1 % with few requests (docs/evidence.md).
 */
const a = 0.5;
const b = 4;

/**
 * How strongly the counts speak for a share above `limit`, as the logarithm of an e-value: whatever share up to `limit`
 * is true, it reaches ln(1/alpha) **ever**, however often it is looked at, with a probability of at most alpha.
 *
 * The likelihood of the counts, mixed by Beta(a, b) over the shares above the limit, divided by that of the limit itself:
 * a non-negative supermartingale that begins at 1 (Ville, 1939; Robbins, "Statistical methods related to the law of the
 * iterated logarithm", Ann. Math. Statist. 41, 1970; Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric,
 * nonasymptotic confidence sequences", Ann. Statist. 49, 2021, section 4.1). It needs only the counts so far.
 * @param limit above 0 and below 1.
 */
export function evidenceAbove(proportion: Proportion, limit: number): number {
  return mixed(proportion, limit, (bad, good) => betaCdf(1 - limit, good, bad));
}

/** As {@link evidenceAbove}, for a share below `limit`: valid whatever share from `limit` on is true. */
export function evidenceBelow(proportion: Proportion, limit: number): number {
  return mixed(proportion, limit, (bad, good) => betaCdf(limit, bad, good));
}

function mixed(proportion: Proportion, limit: number, beyond: (bad: number, good: number) => number): number {
  checkProportion(proportion);
  const { bad, total } = proportion;
  const good = total - bad;
  const mixture = betaln(a + bad, b + good) + Math.log(beyond(a + bad, b + good));
  const prior = betaln(a, b) + Math.log(beyond(a, b));
  return mixture - prior - bad * Math.log(limit) - good * Math.log1p(-limit);
}

/**
 * Bounds of a share that may be looked at as often as one likes: the true share is **ever** beyond one of them with a
 * probability of at most its `alpha`. Wider than exact ones: that is the price of looking.
 */
export const sequentialBounds: Bounds = {
  low: (proportion, alpha) => (proportion.bad === 0 ? 0 : edge((share) => isAbove(proportion, share, alpha))),
  high: (proportion, alpha) =>
    proportion.bad === proportion.total ? 1 : 1 - edge((share) => isBelow(proportion, 1 - share, alpha)),
  isAbove,
  isBelow,
};

function isAbove(proportion: Proportion, limit: number, alpha: number): boolean {
  // No share above the limit explains these counts better than the limit itself: the usual case, and a quick one.
  if (proportion.bad <= limit * proportion.total) return false;
  return evidenceAbove(proportion, limit) >= Math.log(1 / alpha);
}

function isBelow(proportion: Proportion, limit: number, alpha: number): boolean {
  if (proportion.bad >= limit * proportion.total) return false;
  return evidenceBelow(proportion, limit) >= Math.log(1 / alpha);
}

/** The largest share up to which `holds`, to one part in 2^40; 0 for none. */
function edge(holds: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
