import type { Measurement } from '../../domain/analysis/measurement.ts';
import type { MetricsPlan, Target } from '../../domain/plan/plan.ts';
import type { MetricsPort } from '../../ports/metrics.ts';
import type { PrometheusClient, QueryAnswer } from './client.ts';
import { envoyContour } from './envoy-contour.ts';
import { samplesQuery, windowsQuery } from './queries.ts';
import type { MetricsSource, Selection } from './source.ts';
import { vllm } from './vllm.ts';
import { readSamples, readWindow, type Increases, type Restarted } from './window.ts';

const sources: Readonly<Record<MetricsPlan['source'], MetricsSource>> = {
  'envoy-contour': envoyContour,
  vllm,
};

/** Both arms' counters from a Prometheus: one query a look, and one more for each window in which a process restarted. */
export class PrometheusMetrics implements MetricsPort {
  readonly #client: Pick<PrometheusClient, 'query'>;

  constructor(client: Pick<PrometheusClient, 'query'>) {
    this.#client = client;
  }

  async measure(
    metrics: MetricsPlan,
    target: Target,
    windowsMs: readonly number[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Measurement>> {
    const source = sources[metrics.source];
    const look = { url: metrics.prometheus.url, selection: source.select(target), signal };
    const expression = windowsQuery(look.selection, windowsMs);
    const answer = await this.#client.query({ url: look.url, expression }, signal);
    const read = async (windowMs: number) =>
      [windowMs, measurementOf(source, await this.#read(look, answer, windowMs))] as const;
    return new Map(await Promise.all(windowsMs.map(read)));
  }

  async #read(look: Look, answer: QueryAnswer, windowMs: number): Promise<Increases | ProviderError> {
    if (answer.kind !== 'vector') return errorOf(answer);
    const reading = readWindow(answer.rows, look.selection, windowMs);
    return reading.kind === 'restarted' ? this.#readSamples(look, windowMs, reading) : reading;
  }

  async #readSamples(
    { url, selection, signal }: Look,
    windowMs: number,
    { nowSeconds, gaps }: Restarted,
  ): Promise<Increases | ProviderError> {
    const expression = samplesQuery(selection, windowMs);
    const answer = await this.#client.query({ url, expression, atSeconds: nowSeconds }, signal);
    if (answer.kind !== 'matrix') return errorOf(answer);
    return readSamples(answer.series, selection, nowSeconds - windowMs / 1000, gaps);
  }
}

interface Look {
  readonly url: string;
  readonly selection: Selection;
  readonly signal: AbortSignal;
}

type ProviderError = Extract<QueryAnswer, { kind: 'providerError' }>;

function measurementOf(source: MetricsSource, reading: Increases | ProviderError): Measurement {
  if (reading.kind !== 'counts') return reading;
  const { stable, canary } = reading.counts;
  const arm = (counts: typeof stable) => ('missing' in counts ? counts : source.read(counts));
  return { kind: 'measured', stable: arm(stable), canary: arm(canary) };
}

function errorOf(answer: QueryAnswer): ProviderError {
  if (answer.kind === 'providerError') return answer;
  return {
    kind: 'providerError',
    why: `Prometheus: answered with a ${answer.kind}, which was not asked for`,
  };
}
