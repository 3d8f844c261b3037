import type { ArmCounts, Measurement } from '../../domain/analysis/measurement.ts';
import { isCounted, type CountedName, type MetricName } from '../../domain/metrics/metrics.ts';
import type { MetricsPlan } from '../../domain/plan/metrics-plan.ts';
import type { Target } from '../../domain/plan/plan.ts';
import type { Look, MetricsPort } from '../../ports/metrics.ts';
import type { PrometheusClient, QueryAnswer } from './client.ts';
import { envoyContour } from './envoy-contour.ts';
import { feedback } from './feedback.ts';
import { istio } from './istio.ts';
import { lookQuery, samplesQuery } from './queries.ts';
import type { Row } from './schema.ts';
import type { Arm, MetricsSource, Selection } from './source.ts';
import { traefik } from './traefik.ts';
import { vllm } from './vllm.ts';
import { readAges, readSamples, readWindow, type Increases, type Restarted } from './window.ts';

type SourceName = MetricsPlan['source'] | 'feedback';
type ProviderError = Extract<QueryAnswer, { kind: 'providerError' }>;

const sources: Readonly<Record<MetricsPlan['source'], (plan: MetricsPlan) => MetricsSource>> = {
  'envoy-contour': envoyContour,
  istio,
  traefik,
  vllm,
};

/** One source's part of a look. */
interface Part {
  readonly name: SourceName;
  readonly source: MetricsSource;
  readonly names: readonly CountedName[];
  readonly selection: Selection;
}

/**
 * Both arms' counters from a Prometheus: one query a look, and one more for each source and window in which a process
 * restarted.
 */
export class PrometheusMetrics implements MetricsPort {
  readonly #client: Pick<PrometheusClient, 'query'>;

  constructor(client: Pick<PrometheusClient, 'query'>) {
    this.#client = client;
  }

  async measure(
    plan: MetricsPlan,
    target: Target,
    { names, windowsMs, atMs }: Look,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Measurement>> {
    if (windowsMs.length === 0) return new Map();
    const { url } = plan.prometheus;
    const parts = partsOf(plan, target, names);
    const selections = Object.fromEntries(parts.map((it) => [it.name, it.selection]));
    const expression = lookQuery(selections, windowsMs);
    const at = atMs === undefined ? {} : { atSeconds: atMs / 1000 };
    const answer = await this.#client.query({ url, expression, ...at }, signal);
    if (answer.kind !== 'vector') return new Map(windowsMs.map((it) => [it, errorOf(answer)]));

    const readPart = async (part: Part, windowMs: number): Promise<Increases | ProviderError> => {
      const reading = readWindow(answer.rows, part.name, part.selection, windowMs);
      return reading.kind === 'restarted' ? this.#readSamples(url, part, windowMs, reading, signal) : reading;
    };
    const readAll = async (windowMs: number) => {
      const readings = await Promise.all(
        parts.map(async (it) => ({ ...it, found: await readPart(it, windowMs) })),
      );
      return [windowMs, withAges(measurementOf(readings), answer.rows)] as const;
    };
    return new Map(await Promise.all(windowsMs.map(readAll)));
  }

  async #readSamples(
    url: string,
    { selection }: Part,
    windowMs: number,
    { nowSeconds, gaps }: Restarted,
    signal: AbortSignal,
  ): Promise<Increases | ProviderError> {
    const expression = samplesQuery(selection, windowMs);
    const answer = await this.#client.query({ url, expression, atSeconds: nowSeconds }, signal);
    if (answer.kind !== 'matrix') return errorOf(answer);
    return readSamples(answer.series, selection, nowSeconds - windowMs / 1000, gaps);
  }
}

/** What the plan's source does not offer, the engine tells; of what users say, where their feedback is counted. */
function partsOf(plan: MetricsPlan, target: Target, names: readonly MetricName[]): Part[] {
  const all: (readonly [SourceName, MetricsSource])[] = [
    [plan.source, sources[plan.source](plan)],
    ['vllm', vllm(plan)],
    ...(plan.feedback === null ? [] : [['feedback', feedback(plan.feedback)] as const]),
  ];
  const bySource = new Map(all.reverse());
  const sourceOf = (metric: CountedName) =>
    [plan.source, ...bySource.keys()].find((it) => bySource.get(it)?.offers.includes(metric));
  return [...bySource].flatMap(([name, source]) => {
    const own = names.filter(isCounted).filter((it) => sourceOf(it) === name);
    return own.length === 0 ? [] : [{ name, source, names: own, selection: source.select(target, own) }];
  });
}

type PartRead = Part & { readonly found: Increases | ProviderError };

/** A source without data leaves its metrics without; a provider that fails leaves nothing. */
function measurementOf(parts: readonly PartRead[]): Measurement {
  for (const { found } of parts) if (found.kind === 'providerError') return found;
  const arm = (which: Arm) => parts.reduce<ArmCounts>((all, it) => ({ ...all, ...armOf(it, which) }), {});
  return { kind: 'measured', stable: arm('stable'), canary: arm('canary') };
}

function withAges(measurement: Measurement, rows: readonly Row[]): Measurement {
  const ages = readAges(rows);
  return ages === null || measurement.kind !== 'measured' ? measurement : { ...measurement, ages };
}

function armOf({ source, names, found }: PartRead, arm: Arm): ArmCounts {
  const counts = found.kind === 'counts' ? found.counts[arm] : { missing: found.why };
  if ('missing' in counts) return Object.fromEntries(names.map((it) => [it, counts]));
  return source.read(counts, names, arm);
}

function errorOf(answer: QueryAnswer): ProviderError {
  if (answer.kind === 'providerError') return answer;
  return {
    kind: 'providerError',
    why: `Prometheus: answered with a ${answer.kind}, which was not asked for`,
  };
}
