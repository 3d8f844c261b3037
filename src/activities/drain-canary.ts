import { Context } from '@temporalio/activity';
import { PortFault } from '../ports/faults.ts';
import type { Ports } from './deps.ts';
import { pause } from './heart.ts';
import type { Order } from './types.ts';

const lookEveryMs = 500;

/** In the heartbeats: a second attempt must not begin the time anew. */
interface Draining {
  readonly sinceMs: number;
  /** Null while nobody answers. */
  readonly running: number | null;
}

/**
 * Waits until the canary's pods have answered what they had begun, or the plan's time for it is over: a pod's own
 * grace period is often shorter than an answer. Pods that do not tell are not waited for.
 */
export async function drainCanary(
  { drain }: Ports,
  { plan }: Order,
  signal: AbortSignal,
  show: (details: unknown) => void,
): Promise<void> {
  const before = Context.current().info.heartbeatDetails as Draining | undefined;
  const sinceMs = before?.sinceMs ?? Date.now();
  while (Date.now() - sinceMs < plan.deadlines.drainMs) {
    const running = await drain.runningRequests(plan.target, signal).catch((error: unknown) => {
      if (error instanceof PortFault) return undefined;
      throw error;
    });
    if (running === null || running === 0) return;
    show({ sinceMs, running: running ?? null } satisfies Draining);
    await pause(lookEveryMs);
  }
}
