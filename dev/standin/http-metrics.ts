import { Counter, Histogram, Summary, type Registry } from 'prom-client';
import { http } from './series.ts';

/** One HTTP exchange that ended, whether with its answer or with the client leaving. */
export interface Exchange {
  /** The route, or undefined where none matched. */
  readonly handler: string | undefined;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
  /** The Content-Length headers in bytes, 0 where absent. */
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** Routes that vLLM leaves out of its HTTP series. */
const excluded = new Set(['/metrics', '/health', '/load', '/ping', '/version', '/server_info']);

/** The `http_` series of the API server. */
export class HttpMetrics {
  readonly #requests: Counter;
  readonly #requestSize: Summary;
  readonly #responseSize: Summary;
  readonly #durationFine: Histogram;
  readonly #duration: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    const sizes = { labelNames: ['handler'], registers, percentiles: [] };
    this.#requests = new Counter({
      ...http.requests,
      labelNames: ['handler', 'method', 'status'],
      registers,
    });
    this.#requestSize = new Summary({ ...http.requestSize, ...sizes });
    this.#responseSize = new Summary({ ...http.responseSize, ...sizes });
    this.#durationFine = new Histogram({ ...http.durationFine, registers });
    this.#duration = new Histogram({ ...http.duration, labelNames: ['handler', 'method'], registers });
  }

  observe(exchange: Exchange): void {
    const { handler = 'none', method, seconds } = exchange;
    if (excluded.has(handler)) return;
    const status = `${String(Math.floor(exchange.status / 100))}xx`;
    this.#requests.inc({ handler, method, status });
    this.#requestSize.observe({ handler }, exchange.requestBytes);
    this.#responseSize.observe({ handler }, exchange.responseBytes);
    this.#durationFine.observe(seconds);
    this.#duration.observe({ handler, method }, seconds);
  }
}
