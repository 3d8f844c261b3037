import type { Measurement } from '../domain/analysis/measurement.ts';
import { metricsOf } from '../domain/plan/metrics-of.ts';
import {
  measuredCriteria,
  seriesOf,
  type SeriesQuestion,
  type SeriesReading,
} from '../domain/series/series.ts';
import { samplesOf } from '../domain/series/stretches.ts';
import type { Ports } from './deps.ts';

/** A Prometheus that does not answer takes seconds for each look; so many in a row, and nobody goes on waiting. */
const mostFailures = 3;

/** How both arms did over the whole rollout, as far back as the provider remembers. */
export async function readSeries(
  { metrics }: Pick<Ports, 'metrics'>,
  { plan, stretches }: SeriesQuestion,
  signal: AbortSignal,
): Promise<SeriesReading> {
  const names = metricsOf(plan);
  const measured = [];
  let failed: Measurement | null = null;
  let inARow = 0;
  // One after the other: guards of rollouts that run ask the same Prometheus, and must not wait for a picture.
  for (const { atMs, windowMs } of stretches.flatMap(samplesOf)) {
    const look = { names, windowsMs: [windowMs], atMs };
    const found = await metrics.measure(plan.metrics, plan.target, look, signal);
    signal.throwIfAborted();
    const measurement = found.get(windowMs);
    if (measurement?.kind === 'providerError') {
      failed = measurement;
      inARow += 1;
      if (inARow === mostFailures) break;
    } else if (measurement !== undefined) {
      inARow = 0;
      measured.push({ atMs, windowMs, measurement });
    }
  }
  if (measured.length === 0 && failed !== null) return { kind: 'unknown', why: failed.why };
  return { kind: 'series', series: seriesOf(measuredCriteria(plan), measured) };
}
