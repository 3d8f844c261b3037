import { CustomQueries } from '../adapters/prometheus/custom-queries.ts';
import { PrometheusClient } from '../adapters/prometheus/client.ts';
import { GpuUtilisation } from '../adapters/prometheus/gpu-utilisation.ts';
import { PrometheusMetrics } from '../adapters/prometheus/prometheus-metrics.ts';
import { ValuesBesideCounts } from '../adapters/values/beside-counts.ts';
import { FileValues } from '../adapters/values/file-values.ts';
import { WebValues } from '../adapters/values/web-values.ts';
import type { MetricsPort } from '../ports/metrics.ts';

/** Everything that tells numbers; all that ask Prometheus share a client, and with it equal queries. */
export function createMetrics(valuesDir: string | null): MetricsPort {
  const client = new PrometheusClient();
  return new ValuesBesideCounts(new PrometheusMetrics(client), {
    gpu: new GpuUtilisation(client),
    prometheus: new CustomQueries(client),
    web: new WebValues(),
    file: new FileValues(valuesDir),
  });
}
