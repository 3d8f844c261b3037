import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The request body, as far as the tests look at it. */
interface ChatRequest {
  model: string;
  messages: { role: string; content: string }[];
  max_tokens: number;
  stream: boolean;
  stream_options?: { include_usage: boolean };
}

export interface Call {
  /** Number of the call, from 0, in the order of arrival. */
  index: number;
  request: IncomingMessage;
  body: ChatRequest;
  response: ServerResponse;
}

export interface FakeService {
  url: string;
  /** Everything received so far, in order. */
  calls: Call[];
  /** Resolves when this many calls have been received. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A service on loopback that treats each call as the test says. */
export async function serve(treat: (call: Call) => void): Promise<FakeService> {
  const calls: Call[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = { index: calls.length, request, body: JSON.parse(body) as ChatRequest, response };
      calls.push(call);
      treat(call);
      for (const it of waiting) if (calls.length >= it.count) it.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    received: (count) =>
      new Promise((resolve) => {
        if (calls.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Answers a call well, as it asked: streamed in three chunks, or whole; 3 tokens. */
export function answerWell({ body, response }: Call, arm?: string): void {
  if (!body.stream) {
    response.writeHead(200, { 'content-type': 'application/json', ...armHeader(arm) });
    response.end(completion('four and two'));
    return;
  }
  startStream(response, arm);
  response.write(event({ choices: [{ delta: { role: 'assistant', content: '' } }] }));
  for (const content of ['four', ' and', ' two']) response.write(chunk(content));
  response.write(event({ choices: [{ delta: {}, finish_reason: 'stop' }] }));
  response.end(`${event({ choices: [], usage: { completion_tokens: 3 } })}data: [DONE]\n\n`);
}

export function startStream(response: ServerResponse, arm?: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...armHeader(arm) });
}

export function completion(content: string): string {
  return JSON.stringify({
    choices: [{ message: { role: 'assistant', content } }],
    usage: { completion_tokens: 3 },
  });
}

export function chunk(content: string): string {
  return event({ choices: [{ delta: { content } }] });
}

export function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function armHeader(arm: string | undefined): Record<string, string> {
  return arm === undefined ? {} : { 'x-sluice-arm': arm };
}
