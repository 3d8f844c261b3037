import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { FinishReason } from './plan.ts';
import { counters, finishedReasons, gauges, histograms, requestSuccess, waitingByReason } from './series.ts';
import type { Slots } from './slots.ts';

/** One request that ran to its end, times in ms. An aborted one is never reported, as in vLLM. */
export interface FinishedRequest {
  readonly finish: FinishReason;
  readonly promptTokens: number;
  readonly tokens: number;
  readonly maxTokens: number | undefined;
  readonly arrivedMs: number;
  readonly admittedMs: number;
  readonly firstTokenMs: number;
  readonly lastTokenMs: number;
}

/** The `vllm:` series of one engine. */
export class EngineMetrics {
  readonly #labels: { readonly engine: '0'; readonly model_name: string };
  readonly #success: Counter;
  readonly #counters: Record<keyof typeof counters, Counter>;
  readonly #histograms: Record<keyof typeof histograms, Histogram>;

  constructor(registry: Registry, modelName: string, slots: Slots) {
    const labels = { engine: '0', model_name: modelName } as const;
    const labelNames = Object.keys(labels);
    const registers = [registry];
    this.#labels = labels;

    const readings = {
      running: () => slots.running,
      waiting: () => slots.waiting,
      kvCacheUsage: () => slots.kvCacheUsage,
    };
    for (const [key, read] of Object.entries(readings)) {
      const collect = function (this: Gauge): void {
        this.set(labels, read());
      };
      new Gauge({ ...gauges[key as keyof typeof gauges], labelNames, registers, collect });
    }
    new Gauge({
      ...waitingByReason,
      labelNames: [...labelNames, 'reason'],
      registers,
      collect() {
        this.set({ ...labels, reason: 'capacity' }, slots.waiting);
        this.set({ ...labels, reason: 'deferred' }, 0);
      },
    });

    this.#success = new Counter({
      ...requestSuccess,
      labelNames: [...labelNames, 'finished_reason'],
      registers,
    });
    for (const reason of finishedReasons) this.#success.inc({ ...labels, finished_reason: reason }, 0);

    this.#counters = mapValues(counters, (series) => new Counter({ ...series, labelNames, registers }));
    for (const counter of Object.values(this.#counters)) counter.inc(labels, 0);
    this.#histograms = mapValues(histograms, (series) => new Histogram({ ...series, labelNames, registers }));
    for (const histogram of Object.values(this.#histograms)) histogram.zero(labels);
  }

  /** A first token came out: the prompt has been worked through. */
  firstToken(promptTokens: number, sinceArrivalMs: number): void {
    this.#counters.prefixCacheQueries.inc(this.#labels, promptTokens);
    this.#counters.promptTokens.inc(this.#labels, promptTokens);
    this.#counters.generationTokens.inc(this.#labels);
    this.#observe('timeToFirstToken', sinceArrivalMs / 1000);
  }

  /** `tokens` more came out at once, `elapsedMs` after the last one. */
  moreTokens(tokens: number, elapsedMs: number): void {
    this.#counters.generationTokens.inc(this.#labels, tokens);
    for (let token = 0; token < tokens; token += 1) this.#observe('interToken', elapsedMs / tokens / 1000);
  }

  /** A request came to its end. */
  finished(request: FinishedRequest): void {
    const { arrivedMs, admittedMs, firstTokenMs, lastTokenMs, tokens } = request;
    this.#success.inc({ ...this.#labels, finished_reason: request.finish });
    this.#observe('requestPromptTokens', request.promptTokens);
    this.#observe('requestGenerationTokens', tokens);
    this.#observe('requestMaxGenerationTokens', tokens);
    this.#observe('requestN', 1);
    if (request.maxTokens !== undefined) this.#observe('requestMaxTokens', request.maxTokens);
    this.#observe('timePerOutputToken', tokens > 1 ? (lastTokenMs - firstTokenMs) / (tokens - 1) / 1000 : 0);
    this.#observe('endToEnd', (lastTokenMs - arrivedMs) / 1000);
    this.#observe('queue', (admittedMs - arrivedMs) / 1000);
    this.#observe('inference', (lastTokenMs - admittedMs) / 1000);
    this.#observe('prefill', (firstTokenMs - admittedMs) / 1000);
    this.#observe('decode', (lastTokenMs - firstTokenMs) / 1000);
  }

  #observe(histogram: keyof typeof histograms, value: number): void {
    this.#histograms[histogram].observe(this.#labels, value);
  }
}

function mapValues<K extends string, V, R>(
  record: Readonly<Record<K, V>>,
  map: (value: V) => R,
): Record<K, R> {
  const mapped = Object.entries<V>(record).map(([key, value]) => [key, map(value)]);
  return Object.fromEntries(mapped) as Record<K, R>;
}
