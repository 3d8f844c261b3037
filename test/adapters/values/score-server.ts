import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that answers as it is told, and counts what it was asked. */
export interface ScoreServer {
  readonly url: string;
  /** `GET /stable`, in their order. */
  readonly asked: string[];
  /** Requests that wait for their answer now, and the most that ever did. */
  readonly waiting: { now: number; most: number };
  answer: RequestListener;
  close(): Promise<void>;
}

export async function startScoreServer(): Promise<ScoreServer> {
  const asked: string[] = [];
  const waiting = { now: 0, most: 0 };
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    waiting.now += 1;
    waiting.most = Math.max(waiting.most, waiting.now);
    response.once('close', () => (waiting.now -= 1));
    scores.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const scores: ScoreServer = {
    url: `http://127.0.0.1:${port}`,
    asked,
    waiting,
    answer: (_, response) => response.writeHead(404).end(),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
  return scores;
}

export function plain(body: string, status = 200, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => response.writeHead(status, headers).end(body);
}
