import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';

const firstPauseMs = 500;
const longestPauseMs = 10_000;

export interface PatienceOptions {
  readonly signal: AbortSignal;
  /** Told of every try that failed. */
  readonly onFailure: (why: string) => void;
}

/**
 * Connects to Temporal, however long that takes: a worker that ends because Temporal is away would only be started
 * again.
 *
 * @returns null when `signal` aborts before.
 */
export async function connectPatiently(
  options: NativeConnectionOptions,
  { signal, onFailure }: PatienceOptions,
): Promise<NativeConnection | null> {
  let waitMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      return await NativeConnection.connect(options);
    } catch (error) {
      onFailure(error instanceof Error ? error.message : String(error));
    }
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
    waitMs = Math.min(longestPauseMs, waitMs * 2);
  }
  return null;
}
