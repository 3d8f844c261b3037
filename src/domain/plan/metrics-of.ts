import type { MetricName } from '../metrics/metrics.ts';
import type { Plan } from './plan.ts';

/** Every metric that the plan's guards and gates are about, and the errors, whose requests tell each arm's share. */
export function metricsOf({ guards, phases }: Pick<Plan, 'guards' | 'phases'>): MetricName[] {
  const criteria = [...guards, ...phases.flatMap((it) => it.gates)].map((it) => it.criterion.metric);
  return [...new Set<MetricName>(['error-rate', ...criteria])];
}
