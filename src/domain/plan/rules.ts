/**
 * What a plan must keep beyond its shape, as named rules. Everything here can be known without the cluster; preflight
 * asks the rest. No clock, no I/O: also callable inside the workflow sandbox.
 */
import { isValue } from '../metrics/metrics.ts';
import { metricOf } from './metric-of.ts';
import type { Plan } from './plan.ts';
import {
  patchedContainersAreNamed,
  patchIsOfPodTemplate,
  patchKeepsSelectorLabels,
  patchRemovesNoLabel,
} from './rules/patch-rules.ts';
import type { Finding, PlanPath, Rule } from './rules/rule.ts';
import {
  customMetricsExist,
  customNamesAreUnique,
  customSourcesAreUsable,
  valuesAreEstimates,
} from './rules/custom-rules.ts';
import {
  engineIsSelectable,
  feedbackIsSelectable,
  pricesInRange,
  satisfactionIsCounted,
  sourceTellsStatuses,
} from './rules/metrics-rules.ts';
import { judgeAdvice } from './rules/judge-advice.ts';
import { judgeRules } from './rules/judge-rules.ts';
import {
  canaryNamesAreDerivable,
  listedReplicas,
  numbersInRange,
  textsAreWellFormed,
  urlsAreHttp,
} from './rules/value-rules.ts';
import { mostPhases } from './rules/values.ts';

export type { PlanPath };

export interface RuleProblem {
  /** Name of the rule that says so. */
  readonly rule: string;
  readonly path: PlanPath;
  /** What would be accepted there: `0.1 to 100 in steps of 0.1`. */
  readonly allowed: string;
  /** The other field when the problem is between two; else null. */
  readonly comparedWith: PlanPath | null;
}

export interface PlanCheck {
  /** The plan cannot be run; empty when it can. */
  readonly problems: readonly RuleProblem[];
  /** It can be run, but probably does not do what was meant. */
  readonly warnings: readonly RuleProblem[];
}

/** Everything that is wrong with a plan, in one answer. */
export function checkPlan(plan: Plan): PlanCheck {
  return { problems: ask(rules, plan), warnings: ask(advice, plan) };
}

/** Of one field the first problem: a weight of 0 does not also fail to rise. */
function ask(all: readonly Rule[], plan: Plan): RuleProblem[] {
  const found = new Map<string, RuleProblem>();
  for (const rule of all) {
    for (const finding of rule(plan)) {
      const key = JSON.stringify(finding.path);
      if (!found.has(key)) found.set(key, { rule: rule.name, comparedWith: null, ...finding });
    }
  }
  return [...found.values()];
}

function* phasesAreFew({ phases }: Plan): Iterable<Finding> {
  if (phases.length === 0 || phases.length > mostPhases) {
    yield { path: ['phases'], allowed: `a list of 1 to ${mostPhases} phases` };
  }
}

function* weightsRise({ phases }: Plan): Iterable<Finding> {
  for (const [index, { weightPercent }] of phases.entries()) {
    const before = phases[index - 1];
    // What is no number at all is for numbersInRange.
    if (before === undefined || !(weightPercent <= before.weightPercent)) continue;
    yield {
      path: ['phases', index, 'weightPercent'],
      allowed: 'more than in the phase before it',
      comparedWith: ['phases', index - 1, 'weightPercent'],
    };
  }
}

function* lastWeightIs100({ phases }: Plan): Iterable<Finding> {
  const last = phases.at(-1);
  if (last === undefined || last.weightPercent === 100) return;
  yield { path: ['phases', phases.length - 1, 'weightPercent'], allowed: '100 in the last phase' };
}

function* replicasFitPhases(plan: Plan): Iterable<Finding> {
  const replicas = listedReplicas(plan);
  if (plan.capacity.replicas !== 'byWeight' && replicas.length !== plan.phases.length) {
    const allowed = `one number a phase: ${plan.phases.length}`;
    yield { path: ['capacity', 'replicas'], allowed, comparedWith: ['phases'] };
  }
  for (const [index, count] of replicas.entries()) {
    const before = replicas[index - 1];
    if (before === undefined || count >= before) continue;
    yield {
      path: ['capacity', 'replicas', index],
      allowed: 'no fewer than in the phase before it',
      comparedWith: ['capacity', 'replicas', index - 1],
    };
  }
}

/** Otherwise there are moments that no guard ever looks at. */
function* windowsCoverIntervals({ guards, guardIntervalMs }: Plan): Iterable<Finding> {
  for (const [index, { windowMs }] of guards.entries()) {
    if (windowMs >= guardIntervalMs) continue;
    const allowed = 'no shorter than the time between two looks';
    yield { path: ['guards', index, 'windowMs'], allowed, comparedWith: ['guardIntervalMs'] };
  }
}

/** Gates are asked about what was seen during the bake. */
function* gatesHaveBake({ phases }: Plan): Iterable<Finding> {
  for (const [index, { bakeMs, gates }] of phases.entries()) {
    if (bakeMs > 0 || gates.length === 0) continue;
    const allowed = 'a bake above 0s, or the gates have nothing to look at';
    yield { path: ['phases', index, 'bakeMs'], allowed };
  }
}

function* somebodyGuards({ guards }: Plan): Iterable<Finding> {
  if (guards.length === 0)
    yield { path: ['guards'], allowed: 'at least one guard, or nothing ends a bad bake' };
}

function* somethingIsAsked({ phases, judge }: Plan): Iterable<Finding> {
  if (phases.length === 0 || judge !== null) return;
  if (phases.some((it) => it.gates.length > 0 || it.requireApproval)) return;
  yield { path: ['phases'], allowed: 'a phase with gates, or the canary is promoted without evidence' };
}

/** Two equal arms differ by chance, in either direction. */
function* guardsTolerateChance({ guards }: Plan): Iterable<Finding> {
  for (const [index, { criterion }] of guards.entries()) {
    if (!('maxRatio' in criterion) || criterion.maxRatio > 1) continue;
    const allowed = 'more than 1, or a canary as good as stable is rolled back by chance';
    yield { path: ['guards', index, 'criterion', 'maxRatio'], allowed };
  }
}

/** A value is told as it is, without doubt: what is odd once may be an odd moment. */
function* valuesAreSustained({ guards }: Plan): Iterable<Finding> {
  for (const [index, { criterion, sustainedForMs }] of guards.entries()) {
    if (!isValue(metricOf(criterion)) || sustainedForMs > 0) continue;
    const allowed = 'a time that the breach has to last, or one odd value rolls back';
    yield { path: ['guards', index, 'sustainedForMs'], allowed };
  }
}

/** A plan that breaks one of these is refused. What one field needs comes before what it needs beside others. */
export const rules: readonly Rule[] = [
  numbersInRange,
  textsAreWellFormed,
  canaryNamesAreDerivable,
  urlsAreHttp,
  sourceTellsStatuses,
  pricesInRange,
  engineIsSelectable,
  feedbackIsSelectable,
  satisfactionIsCounted,
  customNamesAreUnique,
  customSourcesAreUsable,
  customMetricsExist,
  valuesAreEstimates,
  phasesAreFew,
  lastWeightIs100,
  weightsRise,
  replicasFitPhases,
  windowsCoverIntervals,
  patchIsOfPodTemplate,
  patchedContainersAreNamed,
  patchKeepsSelectorLabels,
  ...judgeRules,
];

/** A plan that breaks one of these is run, with a warning. */
export const advice: readonly Rule[] = [
  gatesHaveBake,
  somebodyGuards,
  somethingIsAsked,
  guardsTolerateChance,
  valuesAreSustained,
  patchRemovesNoLabel,
  ...judgeAdvice,
];
