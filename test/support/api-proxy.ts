import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';

/** A request that came through the proxy. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
}

/** What is to happen to a request; without any of these it goes through as it is. */
export interface Disturbance {
  /** Which requests. @default all */
  readonly to?: (request: SeenRequest) => boolean;
  /** To how many of them. @default 1 */
  readonly times?: number;
  /** The request waits until then. */
  readonly hold?: Promise<unknown>;
  /** The API server gets the request. @default true without `answer`, false with it */
  readonly forward?: boolean;
  /** Instead of the server's answer: another one, none at all, or a cut connection. */
  readonly answer?: FalseAnswer | 'nothing' | 'cut';
}

export interface FalseAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A plain-http way to a real API server that can be made to fail. */
export interface ApiProxy {
  /** A kubeconfig that leads through the proxy. */
  readonly config: KubeConfig;
  /** In the order of their arrival. */
  readonly seen: readonly SeenRequest[];
  /** Requests that change something, so far. */
  writes(): number;
  /** @returns resolves when the first request that it concerns has arrived. */
  disturb(disturbance: Disturbance): Promise<void>;
  close(): Promise<void>;
}

interface Active {
  left: number;
  readonly disturbance: Disturbance;
  readonly arrived: () => void;
}

/** Starts a proxy in front of the API server of a kubeconfig's current context. */
export async function startApiProxy(upstream: KubeConfig): Promise<ApiProxy> {
  const tls: https.RequestOptions = {};
  await upstream.applyToHTTPSOptions(tls);
  const server = upstream.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('the kubeconfig has no current cluster');
  const active: Active[] = [];
  const seen: SeenRequest[] = [];

  const listener = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const body = Buffer.concat(await request.toArray());
    const one = { method: request.method ?? '', path: request.url ?? '' };
    seen.push(one);
    const { hold, answer, forward = answer === undefined } = take(active, one);
    await hold;
    const real = forward ? await pass(server, tls, request, body) : undefined;
    if (answer === 'nothing') return;
    if (answer === 'cut') request.socket.destroy();
    else if (answer !== undefined) send(response, answer);
    else if (real !== undefined) {
      response.writeHead(real.status, real.headers);
      response.end(real.body);
    }
  };
  const front = http.createServer((request, response) => {
    listener(request, response).catch(() => request.socket.destroy());
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');

  return {
    config: configFor((front.address() as AddressInfo).port),
    seen,
    writes: () => seen.filter(({ method }) => method !== 'GET').length,
    disturb: (disturbance) =>
      new Promise((arrived) => active.push({ left: disturbance.times ?? 1, disturbance, arrived })),
    close: async () => {
      front.closeAllConnections();
      front.close();
      await once(front, 'close');
    },
  };
}

function take(active: Active[], request: SeenRequest): Disturbance {
  const found = active.find(({ left, disturbance }) => left > 0 && (disturbance.to?.(request) ?? true));
  if (found === undefined) return {};
  found.left -= 1;
  found.arrived();
  return found.disturbance;
}

async function pass(
  server: string,
  tls: https.RequestOptions,
  { method, url, headers }: http.IncomingMessage,
  body: Buffer,
): Promise<{ status: number; headers: http.OutgoingHttpHeaders; body: Buffer }> {
  // Of this connection, not of the next one.
  const kept = Object.entries(headers).filter(([name]) => name !== 'host' && name !== 'connection');
  const outgoing = https.request(`${server}${url ?? ''}`, {
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

function send(response: http.ServerResponse, { status, headers = {}, body = {} }: FalseAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** client-node refuses plain http unless it is told to skip the verification of certificates. */
function configFor(port: number): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'proxy', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'nobody' },
  );
  return config;
}
