import type { NotificationPlan } from '../domain/plan/plan.ts';

/** Tells somebody outside. */
export interface NotificationPort {
  /** @throws PortFault Unavailable when the other side does not take it. */
  send(to: NotificationPlan, event: object, signal: AbortSignal): Promise<void>;
}
