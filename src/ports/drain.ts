import type { Target } from '../domain/plan/plan.ts';

/** What the canary's pods still work on after their traffic ended. */
export interface DrainPort {
  /**
   * Requests that run or wait in the canary's pods now.
   * @returns null when no pod tells.
   * @throws PortFault Unavailable, Refused.
   */
  runningRequests(target: Target, signal: AbortSignal): Promise<number | null>;
}
