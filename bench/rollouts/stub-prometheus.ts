import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One look of a guard, as it came. */
export interface Look {
  readonly namespace: string;
  readonly atMs: number;
  /** It was answered with a canary that fails. */
  readonly bad: boolean;
}

/** As a route does that is asked for 10 %: what reaches the canary is looked at, too. */
const arms = [
  { arm: 'stable', requests: 90_000 },
  { arm: 'canary', requests: 10_000 },
] as const;

/**
 * Answers the worker's query at once with made-up counters of Envoy: what is measured is the time from an answer to
 * the route, not a Prometheus.
 */
export class StubPrometheus {
  readonly looks: Look[] = [];
  readonly #bad = new Set<string>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<StubPrometheus> {
    const server = createServer();
    const stub = new StubPrometheus(server);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        const query = new URLSearchParams(body).get('query') ?? '';
        response.end(JSON.stringify(stub.#answer(query)));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on every tenth request of this canary fails. */
  turnBad(namespace: string): void {
    this.#bad.add(namespace);
  }

  turnGood(namespace: string): void {
    this.#bad.delete(namespace);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(query: string): object {
    const namespace = /"([a-z0-9-]+)_vllm_8000/.exec(query)?.[1] ?? '';
    const bad = this.#bad.has(namespace);
    const now = Date.now();
    this.looks.push({ namespace, atMs: performance.timeOrigin + performance.now(), bad });
    const counters = (sluice_window: string, sluice_at: 'start' | 'end', scale: number) =>
      arms.flatMap(({ arm, requests }) => {
        const total = requests * scale;
        const failed = bad && arm === 'canary' ? total / 10 : 0;
        const labels = { sluice_source, sluice_window, sluice_at, sluice_arm: arm };
        return [
          row(total - failed, 'rq_xx', { ...labels, envoy_response_code_class: '2' }),
          row(failed, 'rq_xx', { ...labels, envoy_response_code_class: '5' }),
          row(total, 'rq_time_bucket', { ...labels, le: '100' }),
          row(total, 'rq_time_bucket', { ...labels, le: '+Inf' }),
        ];
      });
    const windows = new Set([...query.matchAll(/"sluice_window","(\d+)"/g)].map(([, ms = '']) => ms));
    const counts = [...windows].flatMap((it) => [...counters(it, 'start', 0), ...counters(it, 'end', 1)]);
    const ages = arms.map(({ arm }) => ({
      metric: { sluice_source, sluice_at: 'age', sluice_arm: arm },
      value: [now / 1000, '0.1'],
    }));
    const clock = { metric: { sluice_at: 'now' }, value: [now / 1000, String(now / 1000)] };
    const result = [...counts, ...ages, clock];
    return { status: 'success', data: { resultType: 'vector', result } };
  }
}

/** The name that PrometheusMetrics gives the counters of the gateway. */
const sluice_source = 'envoy-contour';

function row(value: number, name: string, labels: Readonly<Record<string, string>>) {
  const metric = { __name__: `envoy_cluster_upstream_${name}`, ...labels };
  return { metric, value: [Date.now() / 1000, String(value)] };
}
