import type { JudgeLimits, JudgePlan } from './judge-plan.ts';
import type { Bound } from './limit.ts';
import type { Plan } from './plan.ts';

/** What a limit of a judge is about; also the name of its verdict's metric. */
export type JudgeMetric = 'judge-quality-drop' | 'judge-win-rate' | 'judge-score';

export interface JudgeBound {
  readonly metric: JudgeMetric;
  readonly bound: Bound;
}

/** The limits that are set, in the order in which people name them. */
export function judgeBounds({ maxDrop, minWinRate, minScore }: JudgeLimits): JudgeBound[] {
  const bounds: JudgeBound[] = [];
  const add = (metric: JudgeMetric, side: Bound['side'], limit: number | null) => {
    if (limit !== null) bounds.push({ metric, bound: { of: 'value', side, limit } });
  };
  add('judge-quality-drop', 'below', maxDrop);
  add('judge-win-rate', 'above', minWinRate);
  add('judge-score', 'above', minScore);
  return bounds;
}

/** How many phases are judged. */
export function judgedPhases(judge: JudgePlan, phases: Plan['phases']): number {
  return phases.filter((it) => judge.atWeights.includes(it.weightPercent)).length;
}
