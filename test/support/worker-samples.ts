import type { RolloutMetrics } from '../../src/worker/metrics.ts';

/** The samples of one metric, as lines of Prometheus' text format. */
export async function samples(metrics: RolloutMetrics, name: string): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}
