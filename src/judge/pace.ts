import { setTimeout as sleep } from 'node:timers/promises';

/** Spaces requests to one endpoint evenly, so that no second sees more than it may. */
export class Pace {
  readonly #everyMs: number;
  #nextMs = 0;

  /** @param perSecond null: no request waits */
  constructor(perSecond: number | null) {
    this.#everyMs = perSecond === null ? 0 : 1000 / perSecond;
  }

  /** Resolves when it is the caller's turn; rejects when `signal` aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#everyMs === 0) return;
    const nowMs = performance.now();
    const atMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = atMs + this.#everyMs;
    if (atMs > nowMs) await sleep(atMs - nowMs, undefined, { signal });
  }
}
