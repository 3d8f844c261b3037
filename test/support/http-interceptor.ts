import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A request as it came. */
export interface HttpCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.OutgoingHttpHeaders;
  /** A stream for an answer that goes on, a watch's. */
  readonly body: string | Buffer | Readable;
}

/** What whoever asked gets: an answer, none for ever, or a cut connection. */
export type Fate = HttpAnswer | 'nothing' | 'cut';

/** Decides about each request; `forward` has the server do it, and gives the server's answer. */
export type Handler = (call: HttpCall, forward: () => Promise<HttpAnswer>) => Promise<Fate>;

export interface Server {
  /** Base address, http or https. */
  readonly url: string;
  /** Credentials and certificates, for https. */
  readonly tls?: https.RequestOptions;
}

/** A plain-http way to a real server on which requests, and their answers, can be held, changed and lost. */
export interface HttpInterceptor {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts one in front of a server. A request that was held goes on even when whoever sent it has died meanwhile, as
 * on a slow network.
 */
export async function startHttpInterceptor(server: Server, handle: Handler): Promise<HttpInterceptor> {
  const serve = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const body = Buffer.concat(await request.toArray());
    const call = { method: request.method ?? '', path: request.url ?? '', body: body.toString() };
    const fate = await handle(call, () => forward(server, request, body));
    if (fate === 'nothing') return;
    if (fate === 'cut') {
      request.socket.destroy();
      return;
    }
    response.writeHead(fate.status, fate.headers);
    if (!(fate.body instanceof Readable)) response.end(fate.body);
    else {
      response.flushHeaders();
      // Either may leave first.
      await pipeline(fate.body, response).catch(() => undefined);
    }
  };
  const front = http.createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    close: async () => {
      front.closeAllConnections();
      front.close();
      await once(front, 'close');
    },
  };
}

/** An answer of the interceptor's own. */
export function jsonAnswer(json: unknown, status = 200, headers: http.OutgoingHttpHeaders = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(json) };
}

/** A watch of Kubernetes. */
export function goesOn(path = ''): boolean {
  return path.includes('watch=true');
}

/** Of one connection and not of the next; and answers are to come as they are, not compressed. */
const ownHeaders: readonly string[] = ['host', 'connection', 'accept-encoding'];

async function forward(
  { url, tls = {} }: Server,
  { method, url: path, headers }: http.IncomingMessage,
  body: Buffer,
): Promise<HttpAnswer> {
  const kept = Object.entries(headers).filter(([name]) => !ownHeaders.includes(name));
  const send = url.startsWith('https:') ? https.request : http.request;
  const outgoing = send(`${url}${path ?? ''}`, {
    ...tls,
    ...(method === undefined ? {} : { method }),
    headers: Object.fromEntries(kept),
  });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [http.IncomingMessage];
  return {
    status: answer.statusCode ?? 502,
    headers: { 'content-type': answer.headers['content-type'] ?? 'application/json' },
    body: goesOn(path) ? answer : Buffer.concat(await answer.toArray()),
  };
}
