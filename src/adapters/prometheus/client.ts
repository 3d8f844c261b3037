import { request } from 'undici';
import { ApiAnswer, type Row, type Series } from './schema.ts';
import { Slots } from './slots.ts';

/** An instant query. */
export interface Query {
  /** Base address of Prometheus, http or https, with a path where it has one, without credentials. */
  readonly url: string;
  readonly expression: string;
  /** Unix time; @default Prometheus' present. */
  readonly atSeconds?: number;
}

export type QueryAnswer =
  | { readonly kind: 'vector'; readonly rows: readonly Row[] }
  | { readonly kind: 'matrix'; readonly series: readonly Series[] }
  | { readonly kind: 'providerError'; readonly why: string };

type ProviderError = Extract<QueryAnswer, { kind: 'providerError' }>;

export interface ClientOptions {
  /** From the call to the whole answer, time spent waiting for others included. @default 5 s */
  readonly timeoutMs?: number;
  /** Queries that one Prometheus gets at a time. @default 4 */
  readonly atATime?: number;
}

interface Shared {
  readonly answer: Promise<QueryAnswer>;
  readonly cancel: AbortController;
  callers: number;
}

/**
 * Asks Prometheus' HTTP API. Never rejects: what goes wrong is in the answer. Callers who ask the same at the same time
 * share one request, which ends early when the last of them leaves.
 */
export class PrometheusClient {
  readonly #timeoutMs: number;
  readonly #atATime: number;
  /** By base address: one a Prometheus, so few that none need ever go. */
  readonly #slots = new Map<string, Slots>();
  readonly #shared = new Map<string, Shared>();

  constructor({ timeoutMs = 5000, atATime = 4 }: ClientOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#atATime = atATime;
  }

  async query(query: Query, signal: AbortSignal): Promise<QueryAnswer> {
    if (signal.aborted) return aborted;
    const endpoint = endpointOf(query.url);
    if (endpoint === null) return badAddress;
    const key = JSON.stringify([endpoint, query.expression, query.atSeconds]);
    const shared = this.#shared.get(key) ?? this.#start(key, endpoint, query);
    shared.callers += 1;
    const answer = await firstOf(shared.answer, signal);
    shared.callers -= 1;
    if (shared.callers === 0) {
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
      shared.cancel.abort();
    }
    return answer;
  }

  #start(key: string, endpoint: string, query: Query): Shared {
    const cancel = new AbortController();
    const signal = AbortSignal.any([cancel.signal, AbortSignal.timeout(this.#timeoutMs)]);
    const slots = this.#slots.get(endpoint) ?? new Slots(this.#atATime);
    this.#slots.set(endpoint, slots);
    const answer = slots
      .run(() => this.#send(endpoint, query, signal), signal)
      .catch((error: unknown) => this.#explain(error))
      .finally(() => {
        // Whoever asks from now on wants newer numbers.
        if (this.#shared.get(key) === shared) this.#shared.delete(key);
      });
    const shared: Shared = { answer, cancel, callers: 0 };
    this.#shared.set(key, shared);
    return shared;
  }

  async #send(endpoint: string, query: Query, signal: AbortSignal): Promise<QueryAnswer> {
    const body = new URLSearchParams({ query: query.expression, timeout: `${this.#timeoutMs}ms` });
    if (query.atSeconds !== undefined) body.set('time', String(query.atSeconds));
    // POST, for some queries are longer than what proxies take in an address.
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await request(endpoint, { method: 'POST', headers, body: body.toString(), signal });
    return understand(response.statusCode, await response.body.text());
  }

  /** The message can quote the address, so the text is made of its code alone. */
  #explain(error: unknown): ProviderError {
    const { name, code } = error as { readonly name?: string; readonly code?: unknown };
    if (name === 'TimeoutError') return providerError(`no answer within ${this.#timeoutMs / 1000} s`);
    if (name === 'AbortError') return aborted;
    const which = typeof code === 'string' ? code : 'no code';
    return providerError(`no connection or a broken one (${which})`);
  }
}

const aborted = providerError('the query was aborted');
const badAddress = providerError(
  'metrics.prometheus.url must be an http or https address without user, query and fragment',
);

function providerError(why: string): ProviderError {
  return { kind: 'providerError', why: `Prometheus: ${why}` };
}

/** What was answered, from the HTTP status and the body. */
function understand(status: number, text: string): QueryAnswer {
  const parsed = ApiAnswer.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue === undefined ? '' : ` at ${issue.path.join('.') || 'the top'}: ${issue.message}`;
    return providerError(`HTTP ${status} with something else than an answer of its API${where}`);
  }
  const answer = parsed.data;
  if (answer.status === 'error')
    return providerError(`HTTP ${status}, ${answer.errorType}: ${answer.error.slice(0, 300)}`);
  // Thanos and the like answer with the part they have, and a warning; a part of the counts is no evidence.
  if (answer.warnings !== undefined && answer.warnings.length > 0)
    return providerError(`answered with warnings: ${answer.warnings.join('; ').slice(0, 300)}`);
  const { data } = answer;
  if (data.resultType === 'scalar') return { kind: 'vector', rows: [{ labels: {}, value: data.result[1] }] };
  return data.resultType === 'vector'
    ? { kind: 'vector', rows: data.result.map((it) => ({ labels: it.metric, value: it.value[1] })) }
    : { kind: 'matrix', series: data.result.map((it) => ({ labels: it.metric, samples: it.values })) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function endpointOf(base: string): string | null {
  const url = URL.parse(base);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  if ([url.username, url.password, url.search, url.hash].some((part) => part !== '')) return null;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/api/v1/query`;
}

function firstOf(answer: Promise<QueryAnswer>, signal: AbortSignal): Promise<QueryAnswer> {
  return new Promise((resolve) => {
    const leave = () => {
      resolve(aborted);
    };
    signal.addEventListener('abort', leave, { once: true });
    void answer.then((it) => {
      signal.removeEventListener('abort', leave);
      resolve(it);
    });
  });
}
