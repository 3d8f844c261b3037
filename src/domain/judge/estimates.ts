import type { Finding, KnownEstimate } from '../analysis/finding.ts';
import type { Standard } from '../analysis/standard.ts';
import { digits, percent } from '../analysis/wording.ts';
import type { JudgeBound, JudgeMetric } from '../plan/judge-bounds.ts';
import { winRateInterval } from '../statistics/paired-difference.ts';
import { ratioOfMeans } from '../statistics/ratio-of-means.ts';
import { scoreMeanInterval } from '../statistics/score-mean.ts';
import type { PairedMeasurement, PairedScores } from './paired-measurement.ts';

/** Nothing that could be held against a limit, and why not. */
export interface NotEstimated {
  readonly gap: NonNullable<Finding['gap']>;
  readonly why: string;
}

/** On which side of the value which doubt is allowed. */
type Doubt = Readonly<Record<'low' | 'high', number>>;

/** `judge: win rate` */
export function judgeWords(metric: JudgeMetric): string {
  return {
    'judge-quality-drop': 'judge: quality drop',
    'judge-win-rate': 'judge: win rate',
    'judge-score': 'judge: score',
  }[metric];
}

/** What the arms' pairs say of a limit's quantity, with the interval that the standard allows. */
export function estimateJudged(
  { metric, bound }: JudgeBound,
  { alpha }: Standard,
  pairs: PairedMeasurement,
): KnownEstimate | NotEstimated {
  const { limit } = bound;
  const doubt =
    bound.side === 'below' ? { low: alpha.fail, high: alpha.pass } : { low: alpha.pass, high: alpha.fail };
  if (metric === 'judge-win-rate') return winRateOf(pairs, limit, doubt);
  const { scores } = pairs;
  if (scores === undefined || scores.count === 0)
    return { gap: 'noData', why: 'no data: the answer has no scores' };
  return metric === 'judge-score' ? scoreOf(scores, limit, doubt) : dropOf(scores, limit, doubt);
}

function winRateOf(pairs: PairedMeasurement, limit: number, doubt: Doubt): KnownEstimate | NotEstimated {
  const { wins, losses, ties } = pairs;
  const samples = wins + losses + ties;
  if (samples === 0) return { gap: 'noData', why: 'no data: no pair was judged' };
  const value = (wins + ties / 2) / samples;
  return {
    ...known,
    value,
    interval: winRateInterval(pairs, doubt),
    samples,
    said: `judge: win rate ${percent(value, limit)} over ${samples} prompts, ${wins} won and ${losses} lost`,
    written: percent,
  };
}

/** 1 less the canary's mean divided by stable's: 0.1 where it lacks a tenth; below 0 where it is better. */
function dropOf(scores: PairedScores, limit: number, doubt: Doubt): KnownEstimate | NotEstimated {
  const { count, stable, canary, covariance } = scores;
  if (!(stable.mean > 0))
    return { gap: 'armsNotComparable', why: `stable's mean score over ${count} prompts is 0` };
  const value = 1 - canary.mean / stable.mean;
  const ratio = ratioOfMeans(
    { count, numerator: canary, denominator: stable, covariance },
    { low: doubt.high, high: doubt.low },
  );
  const beside = value < 0 ? 'above' : 'below';
  return {
    ...known,
    value,
    // No canary lacks more than all: less than nothing it does not have.
    interval:
      count < leastScores
        ? unknown
        : { low: 1 - ratio.high, high: ratio.low === -Infinity ? null : Math.min(1, 1 - ratio.low) },
    samples: count,
    said: `judge: quality ${percent(Math.abs(value), limit)} ${beside} stable's over ${count} prompts`,
    written: percent,
  };
}

function scoreOf({ count, canary }: PairedScores, limit: number, doubt: Doubt): KnownEstimate {
  return {
    ...known,
    value: canary.mean,
    interval: count < leastScores ? unknown : scoreMeanInterval({ count, ...canary }, doubt),
    samples: count,
    said: `judge: score ${digits(canary.mean, limit)} over ${count} prompts`,
    written: digits,
  };
}

/** Means of fewer scores are not about normal: of them nobody knows anything, however far off they are. */
const leastScores = 30;

const unknown = { low: -Infinity, high: null };
const known = { gap: null, known: 'exactly', counted: 'prompts' } as const;
