import type { JudgeSampling } from '../domain/plan/judge-plan.ts';
import type { Prompt } from '../domain/judge/prompts.ts';
import type { ChatEndpoint, ChatReply } from './chat-endpoint.ts';

/** An arm that answers prompts. Each is asked once, however many pairs its answer is in. */
export class Contestant {
  readonly #endpoint: ChatEndpoint;
  readonly #model: string;
  readonly #sampling: JudgeSampling;
  readonly #answers = new Map<string, Promise<ChatReply>>();

  constructor(endpoint: ChatEndpoint, model: string, sampling: JudgeSampling) {
    this.#endpoint = endpoint;
    this.#model = model;
    this.#sampling = sampling;
  }

  answer(prompt: Prompt, signal: AbortSignal): Promise<ChatReply> {
    const known = this.#answers.get(prompt.id) ?? this.#ask(prompt, this.#sampling.seed, signal);
    this.#answers.set(prompt.id, known);
    return known;
  }

  /** Another answer to the same prompt, by another seed. */
  anotherAnswer(prompt: Prompt, signal: AbortSignal): Promise<ChatReply> {
    return this.#ask(prompt, this.#sampling.seed + 1, signal);
  }

  #ask({ messages }: Prompt, seed: number, signal: AbortSignal): Promise<ChatReply> {
    const { temperature, maxTokens } = this.#sampling;
    return this.#endpoint.ask(this.#model, { messages, temperature, seed, max_tokens: maxTokens }, signal);
  }
}
