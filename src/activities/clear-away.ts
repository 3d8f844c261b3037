import { failureTypes } from '../domain/failures.ts';
import { PortFault } from '../ports/faults.ts';
import type { Ports } from './deps.ts';
import type { Order } from './types.ts';

/**
 * Removes the canary, puts stable's autoscaler back, and lets the next rollout in, in this order.
 * @returns sentences about what was left as somebody else had set it.
 */
export async function clearAway(
  { traffic, workload }: Ports,
  { plan, fence }: Order,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const owner = { rolloutId: fence.rolloutId };
  await workload.removeCanary(plan.target, owner, signal);
  const left = await workload.releaseStable(plan.target, owner);
  try {
    await traffic.release(plan.target, fence);
  } catch (error) {
    // Another rollout owns the route: there is nothing of ours to release.
    if (!(error instanceof PortFault && error.type === failureTypes.StaleWrite)) throw error;
  }
  return left;
}
