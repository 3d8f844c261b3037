import { setTimeout as delay } from 'node:timers/promises';

/** How long to look for something, and how often. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly pollMs: number;
}

/**
 * Looks until `look` gives something else than undefined.
 * @throws what `signal` was aborted with.
 */
export async function lookUntil<T>(
  { signal, pollMs }: Patience,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    await delay(pollMs, undefined, { signal }).catch(() => {
      signal.throwIfAborted();
    });
  }
}
