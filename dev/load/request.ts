import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { type AnswerReader, failed, RefusedAnswer, StreamedAnswer, WholeAnswer } from './answer.ts';
import type { ResolvedLoadOptions } from './options.ts';
import { type Ending, NO_ARM, type RequestRecord, UNKNOWN_ARM } from './record.ts';

/** One request, at the moment of sending it. */
export interface Outgoing {
  id: number;
  intendedMs: number;
  sentMs: number;
  stream: boolean;
  prompt: string;
}

/** What a request needs around it. */
export interface RequestLine {
  agent: Dispatcher;
  options: ResolvedLoadOptions;
  /** Milliseconds since the start of the load. */
  now: () => number;
  /** Called exactly once for each request. */
  onEnd: (record: RequestRecord) => void;
}

/**
 * Sends one request. It ends once, for the first reason that occurs, and at
 * the latest when its timeout has passed.
 *
 * @returns resolves when the request has ended and its connection is free or closed; never rejects
 */
export function sendRequest(outgoing: Outgoing, line: RequestLine): Promise<void> {
  const exchange = new Exchange(outgoing, line);
  const { endpoint, headers } = line.options;
  line.agent.dispatch(
    {
      origin: endpoint.origin,
      path: endpoint.pathname + endpoint.search,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: requestBody(outgoing, line.options),
      // One timeout of our own covers connecting, waiting and reading.
      headersTimeout: 0,
      bodyTimeout: 0,
    },
    exchange,
  );
  return exchange.closed;
}

function requestBody({ prompt, stream }: Outgoing, { model, maxTokens }: ResolvedLoadOptions): string {
  return JSON.stringify({
    model,
    messages: [{ role: 'user', content: prompt }],
    max_tokens: maxTokens,
    // Without include_usage a stream does not say how many tokens it had.
    ...(stream ? { stream, stream_options: { include_usage: true } } : { stream }),
  });
}

/** Hears what the HTTP client has to say of one request and makes one record of it. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly closed: Promise<void>;
  readonly #outgoing: Outgoing;
  readonly #line: RequestLine;
  readonly #timer: NodeJS.Timeout;
  readonly #close: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #response: { status: number; arm: string; reader: AnswerReader } | undefined;
  #firstTokenMs: number | null = null;
  #ended = false;
  #timedOut = false;

  constructor(outgoing: Outgoing, line: RequestLine) {
    this.#outgoing = outgoing;
    this.#line = line;
    this.#timer = setTimeout(() => {
      this.#timeOut();
    }, line.options.timeoutMs);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.closed = promise;
    this.#close = () => {
      clearTimeout(this.#timer);
      resolve(undefined);
    };
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // The timeout may come first, while the request still waits for a connection.
    if (this.#timedOut) controller.abort(new Error('timed out before it was sent'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return; // 1xx only announces the response
    this.#response = { status, arm: this.#armIn(headers), reader: this.#readerFor(status) };
    const type = headers['content-type'] ?? 'none';
    if (status === 200 && this.#outgoing.stream && !/^text\/event-stream\b/i.test(type)) {
      this.#end(failed('bad_answer', `a stream must have the content type text/event-stream: found ${type}`));
    }
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.#ended || !this.#response) return;
    const { reader } = this.#response;
    const ending = reader.push(bytes);
    if (reader.chunks > 0) this.#firstTokenMs ??= this.#line.now();
    if (ending) this.#end(ending);
  }

  onResponseEnd(): void {
    if (this.#response) this.#end(this.#response.reader.end());
    this.#close();
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    this.#end(failed(this.#kindOf(error), causeOf(error)));
    this.#close();
  }

  #timeOut(): void {
    this.#timedOut = true;
    const { timeoutMs } = this.#line.options;
    this.#end(
      failed('timeout', `no ${this.#response ? 'end of the answer' : 'response'} within ${timeoutMs} ms`),
    );
    this.#close();
    this.#controller?.abort(new Error('timed out'));
  }

  /** The first call decides; what follows is the aftermath of it. */
  #end(ending: Ending): void {
    if (this.#ended) return;
    this.#ended = true;
    const { id, stream, intendedMs, sentMs } = this.#outgoing;
    const { arm = NO_ARM, reader, status = 200 } = this.#response ?? {};
    this.#line.onEnd({
      id,
      arm,
      stream,
      intendedMs,
      sentMs,
      firstTokenMs: this.#firstTokenMs,
      endedMs: this.#line.now(),
      chunks: reader?.chunks ?? 0,
      tokens: reader?.tokens ?? 0,
      // A refusal stays one even where its body then breaks or takes too long.
      ending: status !== 200 && ending.failure !== null ? { ...ending, failure: `status_${status}` } : ending,
    });
  }

  #armIn(headers: IncomingHttpHeaders): string {
    const arm = headers[this.#line.options.armHeader.toLowerCase()] ?? UNKNOWN_ARM;
    return Array.isArray(arm) ? arm.join(', ') : arm;
  }

  #readerFor(status: number): AnswerReader {
    if (status !== 200) return new RefusedAnswer(status);
    return this.#outgoing.stream ? new StreamedAnswer() : new WholeAnswer();
  }

  #kindOf(error: Error): 'connect' | 'reset' | 'timeout' {
    if (this.#response) return 'reset';
    // The connection's own timeout is as long as the request's and can win by a hair.
    return codeOf(error) === 'UND_ERR_CONNECT_TIMEOUT' ? 'timeout' : 'connect';
  }
}

function causeOf(error: Error): string {
  // An attempt on several addresses fails with a code and without a message.
  return error.message === '' ? (codeOf(error) ?? error.name) : error.message;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
