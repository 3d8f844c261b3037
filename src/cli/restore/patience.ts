import { setTimeout as pause } from 'node:timers/promises';
import { failureTypes } from '../../domain/failures.ts';
import { PortFault } from '../../ports/faults.ts';

export interface Patience {
  readonly signal: AbortSignal;
  /** Told once for each new reason. */
  readonly say: (sentence: string) => void;
  /** How long the API server may be away. @default 60 s */
  readonly forMs?: number;
  /** @default 1 s */
  readonly everyMs?: number;
}

/** Longer than any single request may take: an attempt that lasted longer has got answers. */
const someAnswersMs = 10_000;

/**
 * Does harmless-if-repeated work, again while the API server is away or busy: at three in the morning nobody should
 * have to type the command twice.
 * @throws what the work throws, when it is no PortFault Unavailable or the time is over; what `signal` was aborted with.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  { signal, say, forMs = 60_000, everyMs = 1000 }: Patience,
): Promise<T> {
  let failingSince: number | null = null;
  let told = '';
  for (;;) {
    const beganAt = performance.now();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PortFault) || error.type !== failureTypes.Unavailable) throw error;
      const now = performance.now();
      if (failingSince === null || now - beganAt > someAnswersMs) failingSince = now;
      if (now - failingSince >= forMs) throw error;
      if (error.message !== told) say(`${error.message}; trying on`);
      told = error.message;
    }
    await pause(everyMs, undefined, { signal }).catch(() => {
      signal.throwIfAborted();
    });
  }
}
