import { percent } from '../analysis/wording.ts';
import type { JudgePlan, TrustPlan } from '../plan/judge-plan.ts';
import { studentDeviationsAt } from '../statistics/alpha.ts';
import { winRateInterval } from '../statistics/paired-difference.ts';
import type { JudgeAnswer, JudgeTrust, SanityCount } from './answer.ts';
import type { PairedMeasurement } from './paired-measurement.ts';

/**
 * Why a judge is not believed, as the end of a sentence; null when nothing speaks against it. An answer without `trust` and
 * `noise`, as another image may give it, is believed; {@link isUnchecked} says so.
 */
export function distrustOf(
  { trust: limits }: JudgePlan,
  { pairs, noise, trust }: JudgeAnswer,
): string | null {
  return (
    (trust && (lostTooMany(limits, trust) ?? alwaysTies(pairs, trust) ?? insane(limits, trust))) ??
    (noise && prefersItself(noise)) ??
    null
  );
}

/** Whether nobody knows what this judge says of pairs whose right judgement is known. Checkers need no such pairs. */
export function isUnchecked({ endpoint }: JudgePlan, { trust }: JudgeAnswer): boolean {
  const asked = trust === undefined ? 0 : trust.identical.asked + trust.spoilt.asked;
  return endpoint !== null && asked === 0;
}

/** What is missing may be missing for a reason, so the seen share counts, proven or not. */
function lostTooMany({ mostLost }: TrustPlan, { asked, lost }: JudgeTrust): string | null {
  const { stable, canary, judge } = lost;
  const all = stable + canary + judge;
  if (!(all > mostLost * asked)) return null;
  const who = `lost by stable ${stable}, the canary ${canary}, the judge ${judge}`;
  const [seen, allowed] = [percent(all / asked, mostLost), percent(mostLost)];
  return `${all} of ${asked} prompts have no judgement, ${seen} where ${allowed} are allowed: ${who}`;
}

/** That all pairs are ties is what equal arms look like, and what a judge looks like that does not look. */
function alwaysTies({ wins, losses, ties }: PairedMeasurement, { spoilt }: JudgeTrust): string | null {
  if (ties === 0 || wins + losses > 0 || spoilt.asked === 0 || spoilt.right > 0) return null;
  return `it calls all ${ties} pairs ties, and recognised none of ${spoilt.asked} spoilt answers`;
}

function insane(limits: TrustPlan, { identical, spoilt }: JudgeTrust): string | null {
  if (!isSane(limits, identical))
    return `it called ${identical.right} of ${identical.asked} identical pairs a tie, ${leastOf(limits, identical)} are needed`;
  if (!isSane(limits, spoilt))
    return `it recognised ${spoilt.right} of ${spoilt.asked} spoilt answers, ${leastOf(limits, spoilt)} are needed`;
  return null;
}

function isSane(limits: TrustPlan, count: SanityCount): boolean {
  return count.right >= leastOf(limits, count);
}

/**
 * By what was seen, proof or none: a judge that is believed wrongly does more harm than one that is not. But part of a pair
 * cannot be wrong: of five pairs at 90 % one slip is allowed, none right never is.
 */
function leastOf({ leastRight }: TrustPlan, { asked }: SanityCount): number {
  if (asked === 0 || leastRight === 0) return 0;
  // A little more, since 0.29 * 100 is a little less than 29.
  return Math.max(1, Math.floor(leastRight * asked + 1e-9));
}

/** How often, at most, a fair judge is said to prefer stable to itself: by two tests, on two sides each. */
const unfair = 0.01 / 4;
/** Of fewer noise pairs a difference of scores says nothing. */
const leastNoise = 10;

function prefersItself(noise: PairedMeasurement): string | null {
  const { wins, losses, ties, scores } = noise;
  const count = wins + losses + ties;
  const rate = winRateInterval(noise, { low: unfair, high: unfair });
  if (rate.low > 1 / 2 || rate.high < 1 / 2) {
    const range = `${percent(rate.low)} to ${percent(rate.high)}`;
    return `between two answers of stable it prefers one: win rate ${percent((wins + ties / 2) / count)} over ${count} pairs (${range})`;
  }
  if (scores === undefined || scores.count < leastNoise) return null;
  const { stable, canary, covariance } = scores;
  const difference = canary.mean - stable.mean;
  const variance = Math.max(0, stable.variance + canary.variance - 2 * covariance);
  const margin = studentDeviationsAt(unfair, scores.count - 1) * Math.sqrt(variance / scores.count);
  // Rounded sums of equal scores differ by next to nothing.
  if (Math.abs(difference) <= margin + 1e-9) return null;
  const [one, other] = [percent(stable.mean), percent(canary.mean, stable.mean)];
  return `it scores stable's second answers otherwise than the first: ${other} and ${one} over ${scores.count} pairs`;
}
