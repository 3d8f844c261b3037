import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a real Prometheus that can be broken; its address stays the same. */
export interface BreakablePrometheus {
  readonly url: string;
  /** Nobody listens any more: connections are refused. */
  refuse(): Promise<void>;
  /** Takes requests and never answers one. */
  fallSilent(): void;
  /** Answers again; what fell silent stays unanswered. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

/** Opens such a way; everything goes through as it is until it is broken. */
export async function openBreakablePrometheus(upstream: string): Promise<BreakablePrometheus> {
  let silent = false;
  const front = http.createServer((request, response) => {
    if (silent) return;
    pass(upstream, request, response).catch(() => request.socket.destroy());
  });
  const listen = async (port: number) => {
    front.listen(port, '127.0.0.1');
    await once(front, 'listening');
  };
  const stop = async () => {
    if (!front.listening) return;
    front.closeAllConnections();
    front.close();
    await once(front, 'close');
  };
  await listen(0);
  const { port } = front.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    refuse: stop,
    fallSilent: () => {
      silent = true;
    },
    recover: async () => {
      silent = false;
      if (!front.listening) await listen(port);
    },
    close: stop,
  };
}

async function pass(
  upstream: string,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  const answer = await fetch(`${upstream}${request.url ?? ''}`, {
    method: request.method ?? 'GET',
    headers: { 'content-type': request.headers['content-type'] ?? '' },
    ...(body.length === 0 ? {} : { body }),
  });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
  response.end(await answer.text());
}
