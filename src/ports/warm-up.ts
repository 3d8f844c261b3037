import type { Target, WarmUpPlan } from '../domain/plan/plan.ts';

/** Requests to new pods before users' requests reach them. */
export interface WarmUpPort {
  /**
   * Sends the plan's requests to each pod.
   * @throws PortFault Unavailable naming the pod that does not answer 200.
   */
  warm(target: Target, warmUp: WarmUpPlan, signal: AbortSignal): Promise<void>;
}
