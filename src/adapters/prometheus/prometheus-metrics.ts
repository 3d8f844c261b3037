import type { Measurement } from '../../domain/analysis/measurement.ts';
import type { MetricsPlan, Target } from '../../domain/plan/plan.ts';
import type { MetricsPort } from '../../ports/metrics.ts';
import type { PrometheusClient, QueryAnswer } from './client.ts';
import { envoyContour } from './envoy-contour.ts';
import { samplesQuery, windowQuery } from './queries.ts';
import type { MetricsSource, Selection } from './source.ts';
import { vllm } from './vllm.ts';
import { readSamples, readWindow, type Increases, type Restarted } from './window.ts';

const sources: Readonly<Record<MetricsPlan['source'], MetricsSource>> = {
  'envoy-contour': envoyContour,
  vllm,
};

/** Both arms' counters from a Prometheus: one query a look, two when a process restarted lately. */
export class PrometheusMetrics implements MetricsPort {
  readonly #client: Pick<PrometheusClient, 'query'>;

  constructor(client: Pick<PrometheusClient, 'query'>) {
    this.#client = client;
  }

  async measure(
    metrics: MetricsPlan,
    target: Target,
    windowMs: number,
    signal: AbortSignal,
  ): Promise<Measurement> {
    const source = sources[metrics.source];
    const look = { url: metrics.prometheus.url, selection: source.select(target), windowMs, signal };
    const reading = await this.#read(look);
    if (reading.kind !== 'counts') return reading;
    const { stable, canary } = reading.counts;
    const arm = (counts: typeof stable) => ('missing' in counts ? counts : source.read(counts));
    return { kind: 'measured', stable: arm(stable), canary: arm(canary) };
  }

  async #read(look: Look): Promise<Increases | ProviderError> {
    const { url, selection, windowMs, signal } = look;
    const answer = await this.#client.query({ url, expression: windowQuery(selection, windowMs) }, signal);
    if (answer.kind !== 'vector') return errorOf(answer);
    const reading = readWindow(answer.rows, selection, windowMs);
    return reading.kind === 'restarted' ? this.#readSamples(look, reading) : reading;
  }

  async #readSamples(look: Look, { nowSeconds, gaps }: Restarted): Promise<Increases | ProviderError> {
    const { url, selection, windowMs, signal } = look;
    const expression = samplesQuery(selection, windowMs);
    const answer = await this.#client.query({ url, expression, atSeconds: nowSeconds }, signal);
    if (answer.kind !== 'matrix') return errorOf(answer);
    return readSamples(answer.series, selection, nowSeconds - windowMs / 1000, gaps);
  }
}

interface Look {
  readonly url: string;
  readonly selection: Selection;
  readonly windowMs: number;
  readonly signal: AbortSignal;
}

type ProviderError = Extract<QueryAnswer, { kind: 'providerError' }>;

function errorOf(answer: QueryAnswer): ProviderError {
  if (answer.kind === 'providerError') return answer;
  return {
    kind: 'providerError',
    why: `Prometheus: answered with a ${answer.kind}, which was not asked for`,
  };
}
