import { validateHeaderValue, type IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { HttpMethod, RequestContext, type KubeConfig } from '@kubernetes/client-node';
import { request as sendRequest, type Dispatcher } from 'undici';
import { AnsweredWithError, type ErrorAnswer } from './faults.ts';

/** One request to the API server. */
export interface ApiRequest {
  readonly method: keyof typeof HttpMethod;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** @default 'application/json' */
  readonly contentType?: string;
  /** @default 'application/json' */
  readonly accept?: string;
}

/** Sends a request and gives the answer's JSON as it came. Throws AnsweredWithError, or what the network throws. */
export type Send = (request: ApiRequest) => Promise<unknown>;

/**
 * Sends a request whose answer goes on, and gives its lines as they come. The beginning of the answer has a deadline, and
 * so has silence. Throws as {@link Send} does, and the lines throw what the network throws, and when `signal` aborts.
 */
export type Follow = (request: ApiRequest, signal: AbortSignal) => Promise<AsyncIterable<string>>;

export interface Connection {
  readonly send: Send;
  readonly follow: Follow;
}

/** A watch of which nothing is heard for so long is dead: the API server says something every minute. */
const silenceMs = 150_000;

/** After this long connections are made anew, so that rotated certificates come into use. */
const connectionsKeptMs = 5 * 60_000;

/**
 * A connection to the cluster of a kubeconfig: its authentication, and a deadline on every request. Bodies are plain
 * JSON in both directions. (The client library's own serializer knows the fields of one Kubernetes version: it drops
 * newer fields and `$patch` directives without a word.)
 */
export function connect(config: KubeConfig, requestTimeoutMs: number): Connection {
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new Error('the kubeconfig must have a current context with a cluster; it has none');
  const keepConnections = connectionKeeper();

  async function open(request: ApiRequest, options: OpenOptions): Promise<Dispatcher.ResponseData> {
    const url = urlOf(cluster?.server ?? '', request);
    const context = new RequestContext(url, HttpMethod[request.method]);
    context.setHeaderParam('Accept', request.accept ?? 'application/json');
    if (request.body !== undefined)
      context.setHeaderParam('Content-Type', request.contentType ?? 'application/json');
    await config.applySecurityAuthentication(context);
    refuseUnsendable(context.getHeaders());
    // Not by fetch, as the client library does: it takes twice the CPU, and a worker asks all day long.
    const response = await sendRequest(url, {
      ...keepConnections(context),
      method: request.method,
      headers: context.getHeaders(),
      body: request.body === undefined ? null : JSON.stringify(request.body),
      ...options,
    });
    if (response.statusCode < 300) return response;
    throw new AnsweredWithError(errorAnswer(response, await response.body.text()));
  }

  return {
    async send(request) {
      const { body } = await open(request, { signal: AbortSignal.timeout(requestTimeoutMs) });
      return JSON.parse(await body.text()) as unknown;
    },
    async follow(request, signal) {
      const { body } = await open(request, {
        signal,
        headersTimeout: requestTimeoutMs,
        bodyTimeout: silenceMs,
      });
      return linesOf(body);
    },
  };
}

type OpenOptions = Pick<Dispatcher.RequestOptions, 'signal' | 'headersTimeout' | 'bodyTimeout'>;

async function* linesOf(body: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of body.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((it) => it !== '');
  }
}

/**
 * undici refuses a header with a line break in it, and may tell the whole header in its error: a token would end up in
 * histories and logs (S12). Node.js names only the header. White space around a value is nobody's fault: it is dropped.
 */
function refuseUnsendable(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value.trim());
}

/**
 * The client library makes a new connection pool for each request, and with it a TLS handshake; this gives the first
 * one to the requests that follow.
 */
function connectionKeeper(): (context: RequestContext) => { readonly dispatcher?: Dispatcher } {
  let kept: Dispatcher | undefined;
  let keptSince = 0;
  return (context) => {
    const fresh = context.getDispatcher();
    if (fresh === undefined) return {};
    if (kept === undefined || performance.now() - keptSince > connectionsKeptMs) {
      // Requests that run on the old connections come to their end; nothing depends on how closing them goes.
      kept?.close().catch(() => undefined);
      kept = fresh;
      keptSince = performance.now();
    }
    return { dispatcher: kept };
  };
}

function urlOf(server: string, { path, query }: ApiRequest): string {
  const parameters = new URLSearchParams(query).toString();
  return `${server.replace(/\/$/, '')}${path}${parameters === '' ? '' : `?${parameters}`}`;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
}

function errorAnswer({ statusCode, headers }: Answer, text: string): ErrorAnswer {
  const status = parseStatus(text);
  return {
    code: statusCode,
    reason: status.reason ?? '',
    message: status.message ?? text.slice(0, 200),
    retryAfterMs: parseRetryAfter(headers['retry-after']),
  };
}

/** Something between us and the server may have answered, with anything. */
function parseStatus(text: string): { reason?: string; message?: string } {
  try {
    const status = JSON.parse(text) as { reason?: unknown; message?: unknown } | null;
    return {
      ...(typeof status?.reason === 'string' ? { reason: status.reason } : {}),
      ...(typeof status?.message === 'string' ? { message: status.message } : {}),
    };
  } catch {
    return {};
  }
}

/** Seconds; the API server sends no dates. */
function parseRetryAfter(value: string | undefined): number | undefined {
  const seconds = Number(value);
  return value === undefined || !Number.isFinite(seconds) || seconds < 0 ? undefined : seconds * 1000;
}
