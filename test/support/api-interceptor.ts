import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

/** What becomes of a request or of its answer; what is `lost` is never seen again. */
export type Passage = 'passes' | 'lost';

/** Answered with 200 instead of being passed on. */
export interface FalseAnswer {
  readonly json: unknown;
}

/** A request as it came. */
export interface ApiCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

export interface ApiHooks {
  /** Before the request goes on. */
  readonly before: (call: ApiCall) => Promise<Passage | FalseAnswer>;
  /** When the server has done it, before whoever asked hears. */
  readonly after: (call: ApiCall) => Promise<Passage>;
}

/** A plain-http way to a real server on which requests, and their answers, can be held and lost. */
export interface ApiInterceptor {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts one in front of a server. A request that was held goes on even when whoever sent it has died meanwhile, as
 * on a slow network.
 * @param upstream base address, http or https; null: there is no server, everything is answered with 200.
 */
export async function startApiInterceptor(
  upstream: string | null,
  hooks: ApiHooks,
  tls: https.RequestOptions = {},
): Promise<ApiInterceptor> {
  const front = http.createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });

  async function serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    const call = { method: request.method ?? '', path: request.url ?? '', body: body.toString() };
    const fate = await hooks.before(call);
    if (fate === 'lost') return;
    if (fate !== 'passes') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(fate.json));
      return;
    }
    const answer = upstream === null ? nobody : await forward(upstream, tls, request, body);
    if ((await hooks.after(call)) === 'lost') return;
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

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

/** Of one connection and not of the next; and answers are to come as they are, not compressed. */
const ownHeaders: readonly string[] = ['host', 'connection', 'accept-encoding'];

interface Answer {
  readonly status: number;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: Buffer;
}

const nobody: Answer = { status: 200, headers: {}, body: Buffer.of() };

async function forward(
  server: string,
  tls: https.RequestOptions,
  { method, url, headers }: http.IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  const kept = Object.entries(headers).filter(([name]) => !ownHeaders.includes(name));
  const send = server.startsWith('https:') ? https.request : http.request;
  const outgoing = send(`${server}${url ?? ''}`, {
    ...tls,
    ...(method === undefined ? {} : { method }),
    headers: Object.fromEntries(kept),
  });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [http.IncomingMessage];
  return {
    status: answer.statusCode ?? 502,
    headers: { 'content-type': answer.headers['content-type'] ?? 'application/json' },
    body: Buffer.concat(await answer.toArray()),
  };
}
