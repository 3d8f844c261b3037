import { judgeCriterion } from '../../src/domain/analysis/judge.ts';
import type { Measurement } from '../../src/domain/analysis/measurement.ts';
import { dueStandards } from '../../src/domain/analysis/judge-guard.ts';
import { gateStandard } from '../../src/domain/analysis/standards.ts';
import type { Criterion, GatePlan, GuardPlan, Plan } from '../../src/domain/plan/plan.ts';
import type { Proportion } from '../../src/domain/statistics/proportion.ts';

/** What was counted at one weight so far, and how to look back. */
export interface Counted {
  readonly elapsedMs: number;
  /** Failed requests of the canary in the last so many ms. */
  readonly last: (windowMs: number) => Proportion;
}

/** Who decides, by errors alone. */
export interface Watcher {
  /** Whether the guard sees a breach. */
  readonly isBreach: (counted: Counted) => boolean;
  readonly gate: (gate: GatePlan, all: Proportion) => 'pass' | 'fail' | 'inconclusive';
}

/** Sluice, as the worker decides. */
export function proving(plan: Plan): Watcher {
  const guard = errorGuard(plan);
  const { max } = guard.criterion;
  return {
    isBreach: ({ elapsedMs, last }) =>
      dueStandards(plan, guard, { elapsedMs, beforeMs: elapsedMs - plan.guardIntervalMs, before: null }).some(
        ({ windowMs, standard }) => standard.looking.share.isAbove(last(windowMs), max, standard.alpha.fail),
      ),
    gate: (gate, all) =>
      judgeCriterion(gate.criterion, gateStandard(plan, gate, 'planned'), measured(all)).outcome,
  };
}

const everyMs = 5 * 60_000;

/**
 * As analysis templates are usually written: every five minutes the share of these five minutes against the limit, and at
 * a gate that of the phase.
 */
export function fixedThreshold(plan: Plan): Watcher {
  const { max } = errorGuard(plan).criterion;
  return {
    isBreach: ({ elapsedMs, last }) => elapsedMs % everyMs === 0 && shareOf(last(everyMs)) >= max,
    gate: ({ criterion }, all) => (!isOfErrors(criterion) || shareOf(all) < criterion.max ? 'pass' : 'fail'),
  };
}

function isOfErrors(criterion: Criterion): criterion is Criterion & { readonly max: number } {
  return criterion.metric === 'error-rate' && 'max' in criterion;
}

function errorGuard({ guards }: Plan): GuardPlan & { readonly criterion: { readonly max: number } } {
  for (const guard of guards) {
    const { criterion } = guard;
    if (isOfErrors(criterion)) return { ...guard, criterion };
  }
  throw new RangeError('the plan has no guard of errors');
}

function shareOf({ bad, total }: Proportion): number {
  return total === 0 ? 0 : bad / total;
}

function measured({ bad, total }: Proportion): Measurement {
  return { kind: 'measured', stable: {}, canary: { 'error-rate': { bad, total } } };
}
