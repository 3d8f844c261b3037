/** Room for requests at one time, as vLLM's scheduler has it. */
export interface Limits {
  readonly maxConcurrent: number;
  readonly kvCacheTokens: number;
}

/** Gives the slot back; safe to call more than once. */
export type Release = () => void;

interface Waiting {
  readonly tokens: number;
  readonly admit: (release: Release) => void;
}

/** First come, first served admission to a bounded number of slots and KV-cache tokens. */
export class Slots {
  readonly #limits: () => Limits;
  readonly #queue = new Set<Waiting>();
  #running = 0;
  #usedTokens = 0;

  /** @param limits read at each admission, so they may change; call `admit` after a change */
  constructor(limits: () => Limits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Share of the KV cache in use, 0 to 1. */
  get kvCacheUsage(): number {
    return Math.min(1, this.#usedTokens / this.#limits().kvCacheTokens);
  }

  /**
   * Waits for a slot. Resolves to undefined when `signal` aborts first.
   * @param tokens KV-cache tokens held until release: those of the prompt and the whole answer
   */
  acquire(tokens: number, signal: AbortSignal): Promise<Release | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const leave = (): void => {
        this.#queue.delete(waiting);
        resolve(undefined);
        this.admit();
      };
      const waiting: Waiting = {
        tokens,
        admit: (release) => {
          signal.removeEventListener('abort', leave);
          resolve(release);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.add(waiting);
      this.admit();
    });
  }

  /** Admits as many of the waiting as now fit. */
  admit(): void {
    for (const waiting of this.#queue) {
      if (!this.#fits(waiting.tokens)) return;
      this.#queue.delete(waiting);
      waiting.admit(this.#take(waiting.tokens));
    }
  }

  #fits(tokens: number): boolean {
    const { maxConcurrent, kvCacheTokens } = this.#limits();
    // A request larger than the whole cache runs alone; it would otherwise block the queue for ever.
    if (this.#running === 0) return true;
    return this.#running < maxConcurrent && this.#usedTokens + tokens <= kvCacheTokens;
  }

  #take(tokens: number): Release {
    let held = true;
    this.#running += 1;
    this.#usedTokens += tokens;
    return () => {
      if (!held) return;
      held = false;
      this.#running -= 1;
      this.#usedTokens -= tokens;
      this.admit();
    };
  }
}
