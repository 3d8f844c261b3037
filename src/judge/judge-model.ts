import { judgeMessages, type JudgeQuestion } from '../domain/judge/ask-judge.ts';
import { readJudgement, type JudgementReading } from '../domain/judge/read-judgement.ts';
import type { RubricCriterion } from '../domain/plan/judge-plan.ts';
import type { ChatEndpoint, ChatReply, ChatRequest } from './chat-endpoint.ts';

/** One vote as it was asked for and given; `text` is null where the endpoint failed. */
export interface Vote {
  readonly text: string | null;
  readonly reading: JudgementReading;
}

/** A model that compares answers. */
export class JudgeModel {
  readonly #endpoint: ChatEndpoint;
  readonly #model: string;
  readonly #seed: number;
  readonly #criteria: readonly RubricCriterion[];
  /** Whether the endpoint takes `response_format`; not all do. */
  #takesFormat = true;
  #saidModel: string | null = null;

  constructor(
    endpoint: ChatEndpoint,
    model: string,
    { seed, criteria }: { readonly seed: number; readonly criteria: readonly RubricCriterion[] },
  ) {
    this.#endpoint = endpoint;
    this.#model = model;
    this.#seed = seed;
    this.#criteria = criteria;
  }

  /** As the endpoint names it, which may say more than the name it was asked by; that one, before its first answer. */
  get model(): string {
    return this.#saidModel ?? this.#model;
  }

  async vote(question: JudgeQuestion, signal: AbortSignal): Promise<Vote> {
    const messages = judgeMessages(question, this.#criteria);
    const reply = await this.#ask({ messages, temperature: 0, seed: this.#seed }, signal);
    if (reply.kind === 'failed') return { text: null, reading: { kind: 'unparsable', why: reply.why } };
    this.#saidModel ??= reply.model;
    return { text: reply.text, reading: readJudgement(reply.text, this.#criteria) };
  }

  async #ask(request: ChatRequest, signal: AbortSignal): Promise<ChatReply> {
    if (!this.#takesFormat) return this.#endpoint.ask(this.#model, request, signal);
    const formatted: ChatRequest = { ...request, response_format: { type: 'json_object' } };
    const reply = await this.#endpoint.ask(this.#model, formatted, signal);
    if (reply.kind === 'answer' || reply.status !== 400) return reply;
    // Perhaps because of the format, perhaps because of this question: only an answer without it tells.
    const plain = await this.#endpoint.ask(this.#model, request, signal);
    if (plain.kind === 'answer') this.#takesFormat = false;
    return plain;
  }
}
