/** The longest wait a Node.js timer can hold, in ms; longer ones fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Plays tokens at their due times, all that are due by one timer.
 * @param dueMs ms from now for each token, never falling
 * @param emit called with the range [from, to) of the tokens that fell due
 * @returns true after the last token, false when `signal` aborted before it
 */
export function playTokens(
  dueMs: readonly number[],
  emit: (from: number, to: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const step = (): void => {
      const elapsedMs = performance.now() - startMs;
      const from = next;
      let due = dueMs[next];
      while (due !== undefined && due <= elapsedMs) due = dueMs[++next];
      if (next > from) emit(from, next);
      if (due === undefined) {
        signal.removeEventListener('abort', stop);
        resolve(true);
        return;
      }
      timer = setTimeout(step, Math.min(Math.ceil(due - elapsedMs), longestTimerMs));
    };
    if (signal.aborted) {
      resolve(false);
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    step();
  });
}
