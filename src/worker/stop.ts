import type { EventEmitter } from 'node:events';

/**
 * Aborts at the first SIGTERM or SIGINT. The second one ends the process at once, for a person who will not wait: what
 * was under way is done again by another worker.
 */
export function stopSignal(source: Pick<EventEmitter, 'on'>, exitNow: () => void): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT']) {
    source.on(name, () => {
      if (stop.signal.aborted) exitNow();
      else stop.abort(name);
    });
  }
  return stop.signal;
}
