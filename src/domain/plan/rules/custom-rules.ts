/** Metrics of a person's own: their sources, and the criteria that name them. */
import { isValue } from '../../metrics/metrics.ts';
import { metricOf } from '../metric-of.ts';
import type { AddressesPlan, CustomMetricPlan } from '../metrics-plan.ts';
import type { Evidence } from '../evidence.ts';
import type { Criterion, Plan } from '../plan.ts';
import type { Finding, PlanPath } from './rule.ts';
import { holdsSecret } from './secrets.ts';
import { addressOf, formats, urlText, type Format } from './values.ts';

interface Asked {
  readonly path: PlanPath;
  readonly criterion: Criterion;
  readonly evidence: Evidence;
}

function askedOf({ guards, phases }: Plan): Asked[] {
  return [
    ...guards.map((it, index) => ({ ...it, path: ['guards', index] })),
    ...phases.flatMap(({ gates }, phase) =>
      gates.map((it, index) => ({ ...it, path: ['phases', phase, 'gates', index] })),
    ),
  ];
}

/** Nobody knows how many requests a value rests on: there is nothing to prove with. */
export function* valuesAreEstimates(plan: Plan): Iterable<Finding> {
  for (const { path, criterion, evidence } of askedOf(plan)) {
    if (!isValue(metricOf(criterion)) || evidence === 'estimate') continue;
    yield { path: [...path, 'evidence'], allowed: 'estimate: a value has no counts to prove anything with' };
  }
}

export function* customMetricsExist(plan: Plan): Iterable<Finding> {
  const names = plan.metrics.custom.map((it) => it.name);
  const allowed =
    names.length === 0
      ? 'a metric that metrics.custom defines; it defines none'
      : `a metric that metrics.custom defines: ${names.join(', ')}`;
  for (const { path, criterion } of askedOf(plan)) {
    if (criterion.metric !== 'custom' || names.includes(criterion.name)) continue;
    yield { path: [...path, 'criterion', 'name'], allowed };
  }
}

export function* customNamesAreUnique({ metrics: { custom } }: Plan): Iterable<Finding> {
  for (const [index, { name }] of custom.entries()) {
    const path = ['metrics', 'custom', index, 'name'];
    const first = custom.findIndex((it) => it.name === name);
    if (!formats.label.pattern.test(name)) yield { path, allowed: formats.label.text };
    else if (first < index)
      yield { path, allowed: 'each name once', comparedWith: ['metrics', 'custom', first, 'name'] };
  }
}

/** Which source of a metric is usable, and tells the arms apart. */
export function* customSourcesAreUsable({ metrics: { custom } }: Plan): Iterable<Finding> {
  for (const [index, metric] of custom.entries()) yield* sourceFindings(['metrics', 'custom', index], metric);
}

function* sourceFindings(at: PlanPath, metric: CustomMetricPlan): Iterable<Finding> {
  if ('file' in metric) {
    yield* wellFormed([...at, 'file', 'path'], metric.file.path, formats.pathWithin);
    return;
  }
  const [source, arms] =
    'web' in metric ? (['web', metric.web] as const) : (['prometheus', metric.prometheus] as const);
  for (const arm of ['stable', 'canary'] as const) {
    const path = [...at, source, arm];
    if (source === 'prometheus') yield* wellFormed(path, arms[arm], formats.query);
    else if (addressOf(arms[arm]) === null) yield { path, allowed: urlText };
  }
  if (arms.stable === arms.canary) {
    const allowed = 'another one than stable’s, or nobody can tell the arms apart';
    yield { path: [...at, source, 'canary'], allowed, comparedWith: [...at, source, 'stable'] };
  }
  if ('web' in metric) yield* webFindings([...at, 'web'], metric.web);
}

function* webFindings(at: PlanPath, { path, headers }: AddressesPlan): Iterable<Finding> {
  yield* wellFormed([...at, 'path'], path, formats.jsonPath);
  for (const [name, value] of Object.entries(headers)) {
    // Of the map, so that no message quotes the value.
    if (holdsSecret(name))
      yield {
        path: [...at, 'headers'],
        allowed: `headers without secrets, for the plan is kept in the history: no ${name}`,
      };
    else if (!formats.headerName.pattern.test(name))
      yield { path: [...at, 'headers'], allowed: formats.headerName.text };
    else yield* wellFormed([...at, 'headers', name], value, formats.headerValue);
  }
}

function* wellFormed(path: PlanPath, value: string, { pattern, text }: Format): Iterable<Finding> {
  if (!pattern.test(value)) yield { path, allowed: text };
}
