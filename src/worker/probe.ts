import { setTimeout as pause } from 'node:timers/promises';

/** What the last question brought. */
export type ProbeAnswer =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'answered' }
  | { readonly kind: 'silent'; readonly why: string };

export interface ProbeOptions {
  /** Asks; throws when there is no answer. Must end by itself. */
  readonly ask: () => Promise<unknown>;
  /** Between two questions. @default 5 s */
  readonly everyMs?: number;
  /** Called when the answer becomes another. */
  readonly onChange?: (answer: ProbeAnswer) => void;
}

/** Asks something again and again, so that readiness is known without asking when it is wanted. */
export class Probe {
  #answer: ProbeAnswer = { kind: 'waiting' };
  readonly #ended = new AbortController();
  readonly #asking: Promise<void>;

  constructor({ ask, everyMs = 5000, onChange = () => undefined }: ProbeOptions) {
    this.#asking = this.#run(ask, everyMs, onChange);
  }

  get answer(): ProbeAnswer {
    return this.#answer;
  }

  /** Returns when the last question has ended. */
  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#asking;
  }

  async #run(
    ask: ProbeOptions['ask'],
    everyMs: number,
    onChange: (answer: ProbeAnswer) => void,
  ): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      const answer = await ask().then(
        (): ProbeAnswer => ({ kind: 'answered' }),
        (error: unknown): ProbeAnswer => ({
          kind: 'silent',
          why: error instanceof Error ? error.message : String(error),
        }),
      );
      const changed = answer.kind !== this.#answer.kind;
      this.#answer = answer;
      if (changed) onChange(answer);
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
