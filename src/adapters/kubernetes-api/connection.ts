import { validateHeaderValue } from 'node:http';
import {
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  RequestContext,
  type KubeConfig,
  type ResponseContext,
} from '@kubernetes/client-node';
import { AnsweredWithError, type ErrorAnswer } from './faults.ts';

/** One request to the API server. */
export interface ApiRequest {
  readonly method: keyof typeof HttpMethod;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** @default 'application/json' */
  readonly contentType?: string;
}

/** Sends a request and gives the answer's JSON as it came. Throws AnsweredWithError, or what the network throws. */
export type Send = (request: ApiRequest) => Promise<unknown>;

/** After this long connections are made anew, so that rotated certificates come into use. */
const connectionsKeptMs = 5 * 60_000;

/**
 * A connection to the cluster of a kubeconfig: its authentication, and a deadline on every request. Bodies are plain
 * JSON in both directions. (The client library's own serializer knows the fields of one Kubernetes version: it drops
 * newer fields and `$patch` directives without a word.)
 */
export function connect(config: KubeConfig, requestTimeoutMs: number): Send {
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new Error('the kubeconfig must have a current context with a cluster; it has none');
  const http = new IsomorphicFetchHttpLibrary();
  const keepConnections = connectionKeeper();
  return async (request) => {
    const context = new RequestContext(urlOf(cluster.server, request), HttpMethod[request.method]);
    context.setHeaderParam('Accept', 'application/json');
    if (request.body !== undefined) {
      context.setHeaderParam('Content-Type', request.contentType ?? 'application/json');
      context.setBody(JSON.stringify(request.body));
    }
    await config.applySecurityAuthentication(context);
    refuseUnsendable(context.getHeaders());
    keepConnections(context);
    context.setSignal(AbortSignal.timeout(requestTimeoutMs));
    const response = await http.send(context).toPromise();
    const text = await response.body.text();
    if (response.httpStatusCode >= 300) throw new AnsweredWithError(errorAnswer(response, text));
    return JSON.parse(text) as unknown;
  };
}

/**
 * fetch refuses a header with a line break in it, and tells the whole header in its error: a token would end up in
 * histories and logs (S12). Node.js names only the header. White space around a value is nobody's fault: it is dropped.
 */
function refuseUnsendable(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value.trim());
}

/**
 * The client library makes a new connection pool for each request, and with it a TLS handshake; this puts the first
 * one into the requests that follow.
 */
function connectionKeeper(): (context: RequestContext) => void {
  let kept: ReturnType<RequestContext['getDispatcher']>;
  let keptSince = 0;
  return (context) => {
    const fresh = context.getDispatcher();
    if (fresh === undefined) return;
    if (kept === undefined || performance.now() - keptSince > connectionsKeptMs) {
      // Requests that run on the old connections come to their end; nothing depends on how closing them goes.
      kept?.close().catch(() => undefined);
      kept = fresh;
      keptSince = performance.now();
    }
    context.setDispatcher(kept);
  };
}

function urlOf(server: string, { path, query }: ApiRequest): string {
  const parameters = new URLSearchParams(query).toString();
  return `${server.replace(/\/$/, '')}${path}${parameters === '' ? '' : `?${parameters}`}`;
}

function errorAnswer({ httpStatusCode, headers }: ResponseContext, text: string): ErrorAnswer {
  const status = parseStatus(text);
  return {
    code: httpStatusCode,
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
