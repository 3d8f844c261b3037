import { isCounted, type MetricName } from '../metrics/metrics.ts';
import { criteriaOf } from './criteria-of.ts';
import { metricOf } from './metric-of.ts';
import type { Criterion, Plan } from './plan.ts';

/** Every metric that the plan's guards and gates are about, and the errors, whose requests tell each arm's share. */
export function metricsOf(plan: Pick<Plan, 'guards' | 'phases'>): MetricName[] {
  return [...new Set<MetricName>(['error-rate', ...criteriaOf(plan).map(metricOf)])];
}

/**
 * Those that are asked for to judge these criteria of the plan: all that are counted, which one query tells, and of values
 * only theirs, for each is a question of its own.
 */
export function metricsFor(
  plan: Pick<Plan, 'guards' | 'phases'>,
  asked: readonly { readonly criterion: Criterion }[],
): MetricName[] {
  const own = new Set(asked.map((it) => metricOf(it.criterion)));
  return metricsOf(plan).filter((it) => isCounted(it) || own.has(it));
}
