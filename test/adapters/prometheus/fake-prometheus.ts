import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Asked {
  readonly path: string;
  readonly query: string;
  readonly time: string | null;
}

type Answer = (asked: Asked, response: ServerResponse) => void;

/** A Prometheus on loopback that answers as it is told; it counts what it was asked. */
export interface FakePrometheus {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Requests that wait for their answer now, and the most that ever did. */
  readonly waiting: { now: number; most: number };
  /** What it says from now on. */
  answer: Answer;
  close(): Promise<void>;
}

export async function startFakePrometheus(): Promise<FakePrometheus> {
  const asked: Asked[] = [];
  const waiting = { now: 0, most: 0 };
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const form = new URLSearchParams(await text(request));
    waiting.now += 1;
    waiting.most = Math.max(waiting.most, waiting.now);
    response.once('close', () => (waiting.now -= 1));
    const one = { path: request.url ?? '', query: form.get('query') ?? '', time: form.get('time') };
    asked.push(one);
    fake.answer(one, response);
  };
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakePrometheus = {
    url: `http://127.0.0.1:${port}`,
    asked,
    waiting,
    answer: json(vector([])),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
    },
  };
  return fake;
}

/** Never answers. */
export const silence: Answer = () => undefined;

export function plain(status: number, body: string): Answer {
  return (_, response) => response.writeHead(status).end(body);
}

export function json(body: unknown, status = 200): Answer {
  return plain(status, JSON.stringify(body));
}

/** The body of a successful instant query; values are text, as Prometheus writes them. */
export function vector(rows: readonly { readonly metric: Record<string, string>; readonly value: string }[]) {
  const result = rows.map(({ metric, value }) => ({ metric, value: [1_800_000_000, value] }));
  return { status: 'success', data: { resultType: 'vector', result } };
}

/** The body of a successful query for samples. */
export function matrix(
  series: readonly {
    readonly metric: Record<string, string>;
    readonly values: readonly (readonly [number, string])[];
  }[],
) {
  return { status: 'success', data: { resultType: 'matrix', result: series } };
}
