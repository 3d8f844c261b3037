import betaCdf from '@stdlib/stats-base-dists-beta-cdf';
import { checkAlpha } from './alpha.ts';
import { exactBounds } from './exact-bounds.ts';

/** What one look with exact bounds is to prove: that the share is on that side of the limit on which it is. */
export interface ExactQuestion {
  /** The true one, 0 to 1. */
  readonly share: number;
  /** Above 0, below 1. */
  readonly limit: number;
  /** One-sided. */
  readonly alpha: number;
}

/**
 * With which probability so many requests prove it: the binomial probability of the counts whose Clopper-Pearson bound is
 * beyond the limit. No approximation; A'Hern, "Sample size tables for exact single-stage phase II designs", Statistics in
 * Medicine 20 (2001), plans trials so.
 */
export function exactPower(total: number, question: ExactQuestion): number {
  checkQuestion(question);
  if (!(Number.isInteger(total) && total >= 0))
    throw new RangeError(`${total} requests cannot be counted; allowed: whole numbers`);
  const { share, limit, alpha } = question;
  // The sum of a binomial's probabilities is a beta distribution's.
  if (share < limit) {
    const most = first(0, total, (bad) => !exactBounds.isBelow({ bad, total }, limit, alpha)) - 1;
    return most < 0 ? 0 : betaCdf(1 - share, total - most, most + 1);
  }
  const least = first(0, total, (bad) => exactBounds.isAbove({ bad, total }, limit, alpha));
  return least > total ? 0 : betaCdf(share, least, total - least + 1);
}

/**
 * The smallest number of requests that prove it with the probability `power`. A few more may prove it a little more
 * rarely: as counts are whole, power goes up and down like the teeth of a saw (Chernick and Liu, "The saw-toothed behavior
 * of power versus sample size", The American Statistician 56, 2002).
 */
export function exactSizeFor(question: ExactQuestion, power: number): number {
  checkQuestion(question);
  if (!(power > 0 && power < 1))
    throw new RangeError(`${power} is no power to plan for; allowed: above 0, below 1`);
  return question.share < question.limit ? sizeBelow(question, power) : sizeAbove(question, power);
}

/** Power is highest where one more bad request has just become bearable. */
function sizeBelow(question: ExactQuestion, power: number): number {
  const { limit, alpha } = question;
  let total = 0;
  for (let bad = 0; ; bad += 1) {
    total = firstFrom(total, (it) => it >= bad && exactBounds.isBelow({ bad, total: it }, limit, alpha));
    if (exactPower(total, question) >= power) return total;
  }
}

/** Power rises with the total as long as the same number of bad requests is enough. */
function sizeAbove(question: ExactQuestion, power: number): number {
  const { limit, alpha } = question;
  let before = 0;
  for (let bad = 1; ; bad += 1) {
    const last = firstFrom(bad, (total) => !exactBounds.isAbove({ bad, total }, limit, alpha)) - 1;
    if (last > before && exactPower(last, question) >= power)
      return first(before + 1, last, (total) => exactPower(total, question) >= power);
    before = Math.max(before, last);
  }
}

/** The first whole number from which on `holds`; there is one. */
function firstFrom(from: number, holds: (value: number) => boolean): number {
  let reach = 1;
  while (!holds(from + reach)) reach *= 2;
  return first(from, from + reach, holds);
}

/** The first of these whole numbers from which on `holds`; `to + 1` for none. */
function first(from: number, to: number, holds: (value: number) => boolean): number {
  let [low, high] = [from, to + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function checkQuestion({ share, limit, alpha }: ExactQuestion): void {
  checkAlpha(alpha);
  if (!(limit > 0 && limit < 1 && share >= 0 && share <= 1 && share !== limit))
    throw new RangeError(
      `nothing proves a share of ${share} against a limit of ${limit}; allowed: a share of 0 to 1, another limit between`,
    );
}
