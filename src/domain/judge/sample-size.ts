import { partOf, type Doubt } from '../analysis/standards.ts';
import { judgeBounds, type JudgeMetric } from '../plan/judge-bounds.ts';
import { pairedMean, sizeFor } from '../statistics/power.ts';

/** How a judge's scores are taken to be before anybody has seen any. */
export interface AssumedScores {
  /** Of stable, 0 to 1. */
  readonly mean: number;
  /** Of the differences of both arms' scores to one prompt. */
  readonly deviation: number;
  /** Of pairs, that are ties. */
  readonly ties: number;
}

/**
 * A mean of 0.7 is between 3 and 4 of 5; a deviation of 0.33 is what simulated judges had, five points on three criteria,
 * for answers that differ from prompt to prompt (docs/judge.md). Fewer ties take more prompts. Real ones are in the answer
 * of the first Job: plan with those.
 */
export const assumedScores: AssumedScores = { mean: 0.7, deviation: 0.33, ties: 0.25 };

/** How many prompts one Job needs; null: no number is enough. */
export interface PromptsNeeded {
  readonly metric: JudgeMetric;
  readonly limit: number;
  /** To pass a canary that is as stable is. */
  readonly toPass: number | null;
  /** To fail one that is as far beyond the limit as an equal one is within it: 20 % worse where 10 % are allowed. */
  readonly toFail: number | null;
}

/** In how many of such cases that shall be seen. */
const power = 0.8;

/**
 * Prompts needed for each limit of the plan's judge, in four of five cases, at the plan's risk; none for a limit of the
 * score alone, since nobody knows how good stable is.
 *
 * For a drop: the mean of `canary - (1 - limit) stable` lies `limit` times stable's mean from 0, on either side; the test
 * that Fieller's interval turns round. Its deviation is taken to be that of the differences.
 */
export function promptsNeeded(plan: Doubt, assumed: AssumedScores = assumedScores): PromptsNeeded[] {
  const { judge, risk } = plan;
  if (judge === null) return [];
  const { evidence, minimumPairs, limits } = judge;
  // A point value is on its side of the limit in four of five cases: there is no other doubt.
  const alpha =
    evidence === 'estimate' ? { fail: 1 / 2, pass: 1 / 2 } : { fail: partOf(plan), pass: risk.falsePass };
  return judgeBounds(limits).flatMap<PromptsNeeded>(({ metric, bound: { limit } }) => {
    const scatter = scatterOf(metric, limit, assumed);
    if (scatter === null) return [];
    const { effect, deviation } = scatter;
    if (!(effect > 0)) return [{ metric, limit, toPass: null, toFail: null }];
    const size = (doubt: number) => sizeFor(pairedMean(effect, deviation), { alpha: doubt, power });
    const toPass = evidence === 'noBreach' ? minimumPairs : Math.max(minimumPairs, size(alpha.pass));
    const toFail = evidence === 'estimate' ? Math.max(minimumPairs, size(alpha.fail)) : size(alpha.fail);
    return [{ metric, limit, toPass, toFail }];
  });
}

/** How far an equal canary is from the limit, and how much one prompt scatters. */
function scatterOf(
  metric: JudgeMetric,
  limit: number,
  { mean, deviation, ties }: AssumedScores,
): { readonly effect: number; readonly deviation: number } | null {
  switch (metric) {
    case 'judge-quality-drop':
      return { effect: limit * mean, deviation };
    case 'judge-win-rate':
      // A win is half a unit above a tie, a loss half a unit below.
      return { effect: 1 / 2 - limit, deviation: Math.sqrt(1 - ties) / 2 };
    case 'judge-score':
      return null;
  }
}
