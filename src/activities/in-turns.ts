import { setImmediate as breathe } from 'node:timers/promises';
import type { Steps } from '../domain/prospects/steps.ts';

/**
 * Computes step by step. Between two steps all else that the worker does has its turn: heartbeats of this activity and of
 * every other, which the server would miss after seconds, and health checks.
 * @throws the reason of `signal`, once it is aborted
 */
export async function inTurns<Result>(steps: Steps<Result>, signal: AbortSignal): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await breathe();
    signal.throwIfAborted();
  }
}
