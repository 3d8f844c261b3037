import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { deviationsAt } from './alpha.ts';

/**
 * What somebody wants to see with a one-sided test of one statistic, which is the mean of so many requests, pairs or
 * prompts and about normal.
 */
export interface Question {
  /** How far from the tested value the true one lies; above 0. */
  readonly effect: number;
  /** Of one request (or pair): the standard deviation that it would have at the tested value, and the one that it has. */
  readonly deviation: { readonly tested: number; readonly actual: number };
}

/**
 * Whether two independent shares differ; so many requests in each arm. The tested value has the variance of the pooled
 * share, without continuity correction: Fleiss, Levin and Paik, "Statistical Methods for Rates and Proportions" (3rd ed.,
 * 2003), chapter 4.
 */
export function twoShares(one: number, other: number): Question {
  checkShares(one, other);
  const tested = Math.sqrt(2 * varianceOf((one + other) / 2));
  const deviation = { tested, actual: Math.sqrt(varianceOf(one) + varianceOf(other)) };
  return checked({ effect: Math.abs(one - other), deviation });
}

/** Whether a share of wins differs from 1/2, by the score test; so many prompts. Ties count as half a win: less doubt. */
export function winRate(rate: number): Question {
  checkShares(rate);
  const deviation = { tested: 1 / 2, actual: Math.sqrt(varianceOf(rate)) };
  return checked({ effect: Math.abs(rate - 1 / 2), deviation });
}

/** Whether the mean of paired differences differs from 0; so many pairs, whose differences have this deviation. */
export function pairedMean(difference: number, deviation: number): Question {
  return checked({ effect: Math.abs(difference), deviation: { tested: deviation, actual: deviation } });
}

/**
 * Whether one share is less than `margin` above another, where the two are the same; so many requests in each arm.
 * Unpooled variance: Blackwelder, "Proving the null hypothesis in clinical trials", Controlled Clinical Trials 3 (1982).
 */
export function nonInferiorShares(share: number, margin: number): Question {
  checkShares(share);
  const deviation = Math.sqrt(2 * varianceOf(share));
  return checked({ effect: margin, deviation: { tested: deviation, actual: deviation } });
}

/** The smallest size at which the answer is seen with the probability `power`, at a one-sided `alpha`. */
export function sizeFor(
  question: Question,
  { alpha, power }: { readonly alpha: number; readonly power: number },
): number {
  const { effect, deviation } = question;
  if (!(power >= 0.5 && power < 1))
    throw new RangeError(`${power} is no power to plan for; allowed: 0.5 and above, below 1`);
  const far = deviationsAt(alpha) * deviation.tested + deviationsAt(1 - power) * deviation.actual;
  return Math.ceil((far / effect) ** 2);
}

/** With which probability a sample of this size shows the answer, at a one-sided `alpha`. */
export function powerAt(size: number, { effect, deviation }: Question, alpha: number): number {
  if (!(size >= 1)) throw new RangeError(`a sample of ${size} has no power; allowed: 1 and above`);
  const beyond = effect * Math.sqrt(size) - deviationsAt(alpha) * deviation.tested;
  return normalCdf(beyond / deviation.actual, 0, 1);
}

function varianceOf(share: number): number {
  return share * (1 - share);
}

function checkShares(...shares: readonly number[]): void {
  for (const share of shares)
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${share} is no share; allowed: 0 to 1`);
}

function checked(question: Question): Question {
  const { effect, deviation } = question;
  if (!(effect > 0 && deviation.tested > 0 && deviation.actual > 0 && effect + deviation.actual < Infinity))
    throw new RangeError(
      `nothing to plan for an effect of ${effect} at a deviation of ${deviation.actual}; allowed: above 0, finite`,
    );
  return question;
}
