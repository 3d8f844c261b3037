import { decide } from '../analysis/decide.ts';
import type { Standard } from '../analysis/standard.ts';
import type { EvidenceGap, Verdict } from '../analysis/verdict.ts';
import { judgeBounds, type JudgeBound } from '../plan/judge-bounds.ts';
import type { JudgePlan } from '../plan/judge-plan.ts';
import type { JudgeAnswer } from './answer.ts';
import { distrustOf, isUnchecked } from './distrust.ts';
import { estimateJudged, judgeWords } from './estimates.ts';

/**
 * Holds the plan's limits against a judge's answer: a verdict for each that is set. A judge that is not trusted proves
 * nothing, whatever it says: then all are inconclusive. Bounds are strict, as everywhere.
 */
export function judgeVerdicts(judge: JudgePlan, standard: Standard, answer: JudgeAnswer): Verdict[] {
  const why = distrustOf(judge, answer);
  const suffix = isUnchecked(judge, answer) ? '; the judge is unchecked: no pair with a known answer' : '';
  return judgeBounds(judge.limits).map((limit) => {
    if (why !== null) return notJudged(limit, 'judgeNotTrusted', `the judge is not trusted: ${why}`);
    const verdict = verdictOf(limit, standard, answer);
    return { ...verdict, sentence: `${verdict.sentence}${suffix}` };
  });
}

/**
 * The verdicts of a phase whose Job gave no answer.
 * @param why for people: `its deadline has passed`.
 */
export function judgeFailed(judge: JudgePlan, why: string): Verdict[] {
  return judgeBounds(judge.limits).map((it) => notJudged(it, 'judgeFailed', `the judge failed: ${why}`));
}

function verdictOf(limit: JudgeBound, standard: Standard, { pairs }: JudgeAnswer): Verdict {
  const { metric, bound } = limit;
  try {
    const estimate = estimateJudged(limit, standard, pairs);
    if (estimate.gap !== null) return notJudged(limit, estimate.gap, estimate.why);
    const { sentence, outcome, ...rest } = decide(estimate, bound, standard);
    return { sentence, outcome, metric, limit: bound.limit, ...rest };
  } catch (error) {
    // Numbers that cannot be are another image's fault, and no reason to end a rollout.
    if (error instanceof RangeError) return notJudged(limit, 'noData', `no data: ${error.message}`);
    throw error;
  }
}

function notJudged({ metric, bound }: JudgeBound, gap: EvidenceGap, why: string): Verdict {
  return {
    sentence: `${judgeWords(metric)} not judged, ${why}`,
    outcome: 'inconclusive',
    metric,
    limit: bound.limit,
    gap,
    value: null,
    interval: null,
    samples: 0,
  };
}
