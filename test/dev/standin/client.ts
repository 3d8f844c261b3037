/** What the tests do with a stand-in that runs on loopback. */
import { expect } from '@jest/globals';
import type { BehaviourPatch } from '../../../dev/standin/behaviour.ts';
import { startStandin, type Standin, type StandinOptions } from '../../../dev/standin/server.ts';
import { parseExposition, type Exposition } from './exposition.ts';

/** Answers at once; a test sets what it is about. */
export const atOnce: BehaviourPatch = { ttft: { medianMs: 0 }, interToken: { medianMs: 0 } };

/** The first token comes at once, the second one never within a test. */
export const stuckAfterOneToken: BehaviourPatch = {
  ttft: { medianMs: 0 },
  interToken: { medianMs: 600_000, p99Ms: 600_000 },
};

export type Urls = Pick<Standin, 'url' | 'adminUrl'>;

export async function withStandin(
  options: StandinOptions,
  use: (standin: Standin) => Promise<void>,
): Promise<void> {
  const standin = await startStandin({ pod: 'pod-1', model: 'tiny', behaviour: atOnce, ...options });
  try {
    await use(standin);
  } finally {
    await standin.close();
  }
}

function chatBody(content: string, more: object = {}): object {
  return { model: 'tiny', messages: [{ role: 'user', content }], ...more };
}

export async function post(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: text, ...init });
}

export interface ChatAnswer {
  readonly status: number;
  readonly text: string;
  readonly finish: string;
  readonly tokens: number;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: number;
  };
}

interface ChatJson {
  readonly choices?: readonly {
    readonly message: { readonly content: string };
    readonly finish_reason: string;
  }[];
  readonly usage?: { readonly completion_tokens: number };
  readonly error?: ChatAnswer['error'];
}

/** One chat answer that is not streamed. */
export async function chat({ url }: Urls, content: string, more: object = {}): Promise<ChatAnswer> {
  const response = await post(`${url}/v1/chat/completions`, chatBody(content, more));
  const body = (await response.json()) as ChatJson;
  const choice = body.choices?.[0];
  return {
    status: response.status,
    text: choice?.message.content ?? '',
    finish: choice?.finish_reason ?? '',
    tokens: body.usage?.completion_tokens ?? 0,
    error: body.error ?? { message: '', type: '', param: null, code: 0 },
  };
}

export interface StreamEvent {
  readonly choices?: readonly {
    readonly delta: { readonly role?: string; readonly content: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: { readonly completion_tokens: number };
  readonly error?: { readonly message: string; readonly code: number };
}

/** An open stream of server-sent events. */
export interface ChatStream {
  readonly response: Response;
  /** Resolves with the events as they come; ends with the stream. */
  readonly events: AsyncGenerator<StreamEvent | '[DONE]', void>;
  leave(): void;
}

export async function openStream({ url }: Urls, content: string, more: object = {}): Promise<ChatStream> {
  const leaving = new AbortController();
  const body = chatBody(content, { stream: true, ...more });
  const response = await post(`${url}/v1/chat/completions`, body, { signal: leaving.signal });
  return {
    response,
    events: eventsOf(response),
    leave: () => {
      leaving.abort();
    },
  };
}

/** Every event to the end of the stream. */
export async function wholeStream(stream: ChatStream): Promise<(StreamEvent | '[DONE]')[]> {
  const events: (StreamEvent | '[DONE]')[] = [];
  for await (const event of stream.events) events.push(event);
  return events;
}

export function textOf(events: readonly (StreamEvent | '[DONE]')[]): string {
  return events.map((it) => (it === '[DONE]' ? '' : (it.choices?.[0]?.delta.content ?? ''))).join('');
}

async function* eventsOf(response: Response): AsyncGenerator<StreamEvent | '[DONE]', void> {
  if (!response.body) throw new Error('The response has no body');
  let text = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (text + part).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = event.replace(/^data: /, '');
      yield data === '[DONE]' ? data : (JSON.parse(data) as StreamEvent);
    }
  }
  expect(text).toBe('');
}

export async function change({ adminUrl }: Urls, patch: BehaviourPatch): Promise<void> {
  const response = await fetch(`${adminUrl}/behaviour`, { method: 'PATCH', body: JSON.stringify(patch) });
  expect(response.status).toBe(200);
}

export async function metrics({ url }: Urls): Promise<Exposition> {
  return parseExposition(await (await fetch(`${url}/metrics`)).text());
}

/** Reads again and again until the value holds; gives up after 5 s with the last value in the message. */
export async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > deadline) throw new Error(`Waited in vain; last saw ${String(value)}`);
  }
}
