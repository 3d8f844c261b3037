import { canaryServiceName, canaryWorkloadName } from '../../rollout/naming.ts';
import { metricOf } from '../metric-of.ts';
import type { Criterion, Plan } from '../plan.ts';
import type { Finding, PlanPath } from './rule.ts';
import { addressOf, formats, isIn, limitRange, ranges, urlText, type Format, type Range } from './values.ts';

export function* numbersInRange(plan: Plan): Iterable<Finding> {
  for (const [path, value, range] of numbersOf(plan)) {
    if (!isIn(range, value)) yield { path, allowed: range.text };
  }
}

function* numbersOf(plan: Plan): Iterable<readonly [PlanPath, number, Range]> {
  yield [['target', 'service', 'port'], plan.target.service.port, ranges.port];
  for (const [index, phase] of plan.phases.entries()) {
    yield [['phases', index, 'weightPercent'], phase.weightPercent, ranges.weightPercent];
    yield [['phases', index, 'bakeMs'], phase.bakeMs, ranges.pauseMs];
    for (const [at, gate] of phase.gates.entries()) yield* asked(['phases', index, 'gates', at], gate);
  }
  for (const [index, guard] of plan.guards.entries()) {
    yield* asked(['guards', index], guard);
    yield [['guards', index, 'sustainedForMs'], guard.sustainedForMs, ranges.pauseMs];
    yield [['guards', index, 'windowMs'], guard.windowMs, ranges.lookMs];
  }
  yield [['guardIntervalMs'], plan.guardIntervalMs, ranges.lookMs];
  yield [['risk', 'falseRollback'], plan.risk.falseRollback, ranges.risk];
  yield [['risk', 'falsePass'], plan.risk.falsePass, ranges.risk];
  yield [['keepOldMs'], plan.keepOldMs, ranges.pauseMs];
  for (const [index, replicas] of listedReplicas(plan).entries()) {
    yield [['capacity', 'replicas', index], replicas, ranges.replicas];
  }
  yield [['warmUp', 'requestsPerPod'], plan.warmUp.requestsPerPod, ranges.requestsPerPod];
  yield [['hold', 'limitMs'], plan.hold.limitMs, ranges.limitMs];
  yield [['deadlines', 'canaryReadyMs'], plan.deadlines.canaryReadyMs, ranges.limitMs];
  yield [['deadlines', 'routeAcceptedMs'], plan.deadlines.routeAcceptedMs, ranges.limitMs];
  yield [['deadlines', 'drainMs'], plan.deadlines.drainMs, ranges.pauseMs];
}

function* asked(
  path: PlanPath,
  { criterion, minimumSamples }: { readonly criterion: Criterion; readonly minimumSamples: number },
): Iterable<readonly [PlanPath, number, Range]> {
  const at = [...path, 'criterion'];
  const own = limitRange(metricOf(criterion));
  // Shares have a sign only here.
  const signed = own === ranges.maxShare ? ranges.shareDifference : own;
  if ('max' in criterion) yield [[...at, 'max'], criterion.max, own];
  else if ('maxRatio' in criterion) yield [[...at, 'maxRatio'], criterion.maxRatio, ranges.maxRatio];
  else if ('maxDifference' in criterion) yield [[...at, 'maxDifference'], criterion.maxDifference, own];
  else if ('min' in criterion) yield [[...at, 'min'], criterion.min, own];
  else if ('minRatio' in criterion) yield [[...at, 'minRatio'], criterion.minRatio, ranges.maxRatio];
  else yield [[...at, 'minDifference'], criterion.minDifference, signed];
  yield [[...path, 'minimumSamples'], minimumSamples, ranges.minimumSamples];
}

export function* textsAreWellFormed(plan: Plan): Iterable<Finding> {
  const { target } = plan;
  const texts: (readonly [PlanPath, string, Format])[] = [
    [['name'], plan.name, formats.label],
    [['target', 'cluster'], target.cluster, formats.label],
    [['target', 'namespace'], target.namespace, formats.label],
    [['target', 'workload', 'name'], target.workload.name, formats.subdomain],
    [['target', 'service', 'name'], target.service.name, formats.service],
    [['target', 'router', 'name'], target.router.name, formats.subdomain],
    [['release', 'version'], plan.release.version, formats.version],
    [['warmUp', 'path'], plan.warmUp.path, formats.path],
  ];
  for (const [index, status] of plan.metrics.failing.entries())
    texts.push([['metrics', 'failing', index], status, formats.failing]);
  for (const [index, question] of plan.checklist.entries())
    texts.push([['checklist', index], question, formats.question]);
  if (plan.headerRule !== null) {
    texts.push([['headerRule', 'name'], plan.headerRule.name, formats.headerName]);
    texts.push([['headerRule', 'value'], plan.headerRule.value, formats.headerValue]);
  }
  for (const [path, value, format] of texts) {
    if (!format.pattern.test(value)) yield { path, allowed: format.text };
  }
}

/** A long name is cut to make the canary's; what is left must still be a name. */
export function* canaryNamesAreDerivable({ target }: Plan): Iterable<Finding> {
  const allowed = 'a name from which the canary’s can be made (no . at the place where it is cut)';
  const isName = formats.subdomain.pattern;
  if (isName.test(target.workload.name) && !isName.test(canaryWorkloadName(target))) {
    yield { path: ['target', 'workload', 'name'], allowed };
  }
  if (formats.service.pattern.test(target.service.name) && !isName.test(canaryServiceName(target))) {
    yield { path: ['target', 'service', 'name'], allowed };
  }
}

/** The plan is kept in the history of the workflow, where no password belongs (S12). */
export function* urlsAreHttp(plan: Plan): Iterable<Finding> {
  const base = addressOf(plan.metrics.prometheus.url);
  if (base?.search !== '') {
    yield { path: ['metrics', 'prometheus', 'url'], allowed: `${urlText}, and without query` };
  }
  for (const [index, { url }] of plan.notifications.entries()) {
    if (addressOf(url) === null) yield { path: ['notifications', index, 'url'], allowed: urlText };
  }
}

/** Empty when replicas follow the weight. */
export function listedReplicas({ capacity }: Plan): readonly number[] {
  return capacity.replicas === 'byWeight' ? [] : capacity.replicas;
}
