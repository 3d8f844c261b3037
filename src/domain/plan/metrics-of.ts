import type { MetricName } from '../metrics/metrics.ts';
import { criteriaOf } from './criteria-of.ts';
import { metricOf } from './metric-of.ts';
import type { Plan } from './plan.ts';

/** Every metric that the plan's guards and gates are about, and the errors, whose requests tell each arm's share. */
export function metricsOf(plan: Pick<Plan, 'guards' | 'phases'>): MetricName[] {
  return [...new Set<MetricName>(['error-rate', ...criteriaOf(plan).map(metricOf)])];
}
