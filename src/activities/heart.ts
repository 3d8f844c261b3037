import { Context } from '@temporalio/activity';

/** The server hears less often than this, and answers with a cancellation when there is one. */
const beatEveryMs = 2000;

/**
 * Does `work` with a beating heart: Temporal notices a dead worker, and the work hears of a cancellation by `signal`.
 * @param work `show` replaces what the heartbeats carry.
 */
export async function withHeart<T>(
  work: (signal: AbortSignal, show: (details: unknown) => void) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  // An attempt that never shows anything keeps what the one before it showed.
  let details: unknown = context.info.heartbeatDetails;
  const beat = () => {
    context.heartbeat(details);
  };
  const beating = setInterval(beat, beatEveryMs);
  beat();
  try {
    return await work(context.cancellationSignal, (shown) => {
      details = shown;
      beat();
    });
  } finally {
    clearInterval(beating);
  }
}

/** Waits, unless it is cancelled. */
export async function pause(ms: number): Promise<void> {
  await Context.current().sleep(ms);
}
