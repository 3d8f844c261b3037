import { customName, type MetricName } from '../metrics/metrics.ts';
import type { Criterion } from './plan.ts';

/** What a criterion is about: `custom/quality` of one's own. */
export function metricOf(criterion: Criterion): MetricName {
  return criterion.metric === 'custom' ? customName(criterion.name) : criterion.metric;
}
