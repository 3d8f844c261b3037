import type { Target } from '../domain/plan/plan.ts';

/** What the canary's pods still work on after their traffic ended. */
export interface DrainPort {
  /**
   * Requests that run or wait in the canary's pods now.
   * @returns null when no pod tells.
   * @throws PortFault Unavailable (a pod that does not answer in time, too), Refused; what `signal` was aborted with.
   */
  runningRequests(target: Target, signal: AbortSignal): Promise<number | null>;
}
