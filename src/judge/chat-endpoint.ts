import type { Agent } from 'undici';
import { z } from 'zod';
import type { TokenCount } from '../domain/judge/answer.ts';
import type { ChatMessage } from '../domain/judge/prompts.ts';
import { sendPatiently, type HttpReply, type Patience } from './http.ts';
import type { Pace } from './pace.ts';

/** Of a chat completion, but for the model. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly temperature: number;
  readonly seed: number;
  readonly max_tokens?: number;
  readonly response_format?: { readonly type: 'json_object' };
}

export type ChatReply =
  | { readonly kind: 'answer'; readonly text: string; readonly model: string | null }
  /** @property status null: there was none */
  | { readonly kind: 'failed'; readonly why: string; readonly status: number | null };

export interface ChatEndpointOptions {
  /** For people: `stable`, `canary`, `the judge`. */
  readonly name: string;
  /** Up to and without `/v1`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
  readonly pace: Pace;
  readonly patience: Patience;
  /** Called once when there is no sense in going on, with the reason. */
  readonly giveUp: (why: string) => void;
}

/** What answers like this will answer like this for ever: a key or a model is wrong. */
const hopeless: ReadonlySet<number> = new Set([401, 403, 404]);
/** After so many failures and nothing else, an endpoint is taken for one that does not work. */
const failuresToGiveUp = 10;

const Completion = z.object({
  model: z.string().max(500).nullish(),
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
  usage: z
    .object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() })
    .partial()
    .nullish(),
});
const Models = z.object({ data: z.array(z.object({ id: z.string().min(1).max(500) })).min(1) });

/** An OpenAI-compatible endpoint that is asked many times. Its methods never reject. */
export class ChatEndpoint {
  readonly #options: ChatEndpointOptions;
  #answered = 0;
  #failed = 0;
  #tokens: TokenCount = { input: 0, output: 0 };

  constructor(options: ChatEndpointOptions) {
    this.#options = options;
  }

  /** Of all answers so far, as the endpoint counts them. */
  get tokens(): TokenCount {
    return this.#tokens;
  }

  /** The first model that it offers. */
  async firstModel(signal: AbortSignal): Promise<string | { readonly failed: string }> {
    const reply = await this.#send('GET', '/v1/models', undefined, signal);
    if (reply.kind === 'failed') return { failed: reply.why };
    if (reply.status !== 200) return { failed: `HTTP ${reply.status} for /v1/models` };
    const models = Models.safeParse(parse(reply.text));
    return models.data?.data[0]?.id ?? { failed: '/v1/models lists no model' };
  }

  async ask(model: string, request: ChatRequest, signal: AbortSignal): Promise<ChatReply> {
    try {
      await this.#options.pace.turn(signal);
    } catch {
      return { kind: 'failed', why: 'there was no time left for it', status: null };
    }
    const body = JSON.stringify({ model, ...request, stream: false });
    const reply = this.#read(await this.#send('POST', '/v1/chat/completions', body, signal));
    this.#note(reply, signal);
    return reply;
  }

  #send(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const { agent, url, headers, patience } = this.#options;
    const request = {
      ...{ method, url: `${url.replace(/\/+$/, '')}${path}` },
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    };
    return sendPatiently(agent, request, patience, signal);
  }

  #read(reply: HttpReply): ChatReply {
    if (reply.kind === 'failed') return { ...reply, status: null };
    const { status, text } = reply;
    if (status !== 200) return { kind: 'failed', why: `HTTP ${status}`, status };
    const completion = Completion.safeParse(parse(text));
    if (!completion.success) return { kind: 'failed', why: 'the answer is no chat completion', status };
    const { choices, usage, model } = completion.data;
    const { input, output } = this.#tokens;
    this.#tokens = {
      input: input + (usage?.prompt_tokens ?? 0),
      output: output + (usage?.completion_tokens ?? 0),
    };
    return { kind: 'answer', text: choices[0]?.message.content ?? '', model: model ?? null };
  }

  #note(reply: ChatReply, signal: AbortSignal): void {
    // What was cut off by us says nothing about the endpoint.
    if (signal.aborted) return;
    if (reply.kind === 'answer') {
      this.#answered += 1;
      return;
    }
    this.#failed += 1;
    const { name, giveUp } = this.#options;
    if (this.#answered > 0) return;
    if (reply.status !== null && hopeless.has(reply.status)) giveUp(`${name} answers ${reply.why}`);
    else if (this.#failed >= failuresToGiveUp)
      giveUp(`none of the first ${failuresToGiveUp} requests to ${name} was answered: ${reply.why}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
