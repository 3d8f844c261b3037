import { isCounted, type MetricName } from '../metrics/metrics.ts';
import { metricOf } from '../plan/metric-of.ts';
import { metricsOf } from '../plan/metrics-of.ts';
import type { Criterion, Plan } from '../plan/plan.ts';

/** Whether made-up requests tell what a criterion is about. What others compute is taken as kept. */
export function isCountable(criterion: Criterion): boolean {
  return isCounted(metricOf(criterion));
}

/** What a plan asks for and nobody can play. */
export function unplayedOf(plan: Pick<Plan, 'guards' | 'phases'>): MetricName[] {
  return metricsOf(plan).filter((it) => !isCounted(it));
}
