import { partOf, type Doubt } from '../analysis/standards.ts';
import type { Standard } from '../analysis/standard.ts';
import { onceLooked } from '../statistics/looking.ts';

/**
 * How sure a judge's verdicts have to be. In each phase that it judges it answers once, and each of its limits may fail a
 * good canary there: so each has the part of `falseRollback` that a gate has, all of it for that one look. A Job that is
 * tried again has not answered before. A bad canary has to pass in every phase: each may use the whole of `falsePass`.
 * @throws RangeError for a plan without a judge.
 */
export function judgeStandard(plan: Doubt): Standard {
  const { judge, risk } = plan;
  if (judge === null) throw new RangeError('nobody judges by this plan: its judge is null');
  return {
    evidence: judge.evidence,
    minimumSamples: judge.minimumPairs,
    alpha: { fail: partOf(plan), pass: risk.falsePass },
    looking: onceLooked,
  };
}
