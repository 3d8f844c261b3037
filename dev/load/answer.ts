import type { Ending, FailureKind } from './record.ts';
import { Completion, CompletionChunk } from './schema.ts';
import { type SseEvent, SseParser } from './sse.ts';

/** Takes a response body piece by piece and says how the request ended. */
export interface AnswerReader {
  /** Chunks with text so far. */
  readonly chunks: number;
  /** Completion tokens so far, as the server counts them. */
  readonly tokens: number;
  /** Takes the next bytes; answers as soon as they decide the request. */
  push(bytes: Uint8Array): Ending | undefined;
  /** The body ended in good order. */
  end(): Ending;
}

/** Longest piece of an answer that a failure quotes, in characters. */
const QUOTE_LENGTH = 200;

/** Reads an answer without streaming: it is a completion as a whole, or it is not. */
export class WholeAnswer implements AnswerReader {
  readonly chunks = 0;
  tokens = 0;
  readonly #pieces: Uint8Array[] = [];

  push(bytes: Uint8Array): undefined {
    this.#pieces.push(bytes);
  }

  end(): Ending {
    const body = Buffer.concat(this.#pieces).toString();
    const completion = Completion.safeParse(parseJson(body));
    if (!completion.success) return failed('bad_answer', `not a completion: ${body}`);
    this.tokens = completion.data.usage?.completion_tokens ?? 0;
    return { failure: null };
  }
}

/** Reads a streamed answer: good once `[DONE]` follows at least one chunk with choices. */
export class StreamedAnswer implements AnswerReader {
  chunks = 0;
  tokens = 0;
  readonly #events = new SseParser();
  #hasChoices = false;

  push(bytes: Uint8Array): Ending | undefined {
    for (const event of this.#events.push(bytes)) {
      const ending = this.#take(event);
      if (ending) return ending;
    }
    return undefined;
  }

  end(): Ending {
    return failed('truncated', `the stream ended without [DONE] after ${this.chunks} chunks`);
  }

  #take(event: SseEvent): Ending | undefined {
    if (event.data === '[DONE]') {
      return this.#hasChoices ? { failure: null } : failed('bad_answer', '[DONE] came before any choice');
    }
    const json = parseJson(event.data);
    if (event.name === 'error' || hasError(json)) return failed('stream_error', event.data);
    const chunk = CompletionChunk.safeParse(json);
    if (!chunk.success) return failed('bad_answer', `not a completion chunk: ${event.data}`);
    this.#count(chunk.data);
    return undefined;
  }

  #count({ choices, usage }: CompletionChunk): void {
    this.#hasChoices ||= choices.length > 0;
    if (choices.some(hasText)) this.chunks++;
    // Cumulative where a server sends it with every chunk.
    this.tokens = usage?.completion_tokens ?? this.tokens;
  }
}

/** Keeps the start of the body of a refusal, where services explain themselves. */
export class RefusedAnswer implements AnswerReader {
  readonly chunks = 0;
  readonly tokens = 0;
  readonly #status: number;
  #text = '';

  constructor(status: number) {
    this.#status = status;
  }

  push(bytes: Uint8Array): undefined {
    if (this.#text.length < QUOTE_LENGTH) this.#text += Buffer.from(bytes).toString();
  }

  end(): Ending {
    return failed(`status_${this.#status}`, this.#text);
  }
}

/** A failure with its detail cut to a length that fits a terminal. */
export function failed(failure: FailureKind, detail: string): Ending {
  return { failure, detail: detail.length > QUOTE_LENGTH ? `${detail.slice(0, QUOTE_LENGTH)}...` : detail };
}

/** False for the chunk that only names the role and the one that only names the end. */
function hasText({ delta }: CompletionChunk['choices'][number]): boolean {
  return [delta.content, delta.reasoning_content, delta.reasoning].some((text) => (text ?? '') !== '');
}

function hasError(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'error' in json && json.error !== null;
}

/** Undefined for text that is not JSON: no schema accepts that. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
