import { failureTypes } from '../domain/failures.ts';
import { PortFault } from '../ports/faults.ts';
import type { Ports } from './deps.ts';
import type { Order } from './types.ts';

/**
 * Takes the canary's name from the route, removes its judges and it, puts stable's autoscaler back, and lets the next rollout in, in
 * this order.
 * @returns sentences about what was left as somebody else had set it.
 */
export async function clearAway(
  { traffic, workload, judgeJobs }: Ports,
  { plan, fence }: Order,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const owner = { rolloutId: fence.rolloutId };
  await unlessAnothers(() => traffic.moveBack(plan.target, fence));
  if (plan.judge !== null) await judgeJobs.remove(plan, null, owner);
  await workload.removeCanary(plan.target, owner, signal);
  const left = await workload.releaseStable(plan.target, owner);
  await unlessAnothers(() => traffic.release(plan.target, fence));
  return left;
}

/** Where another rollout owns the route, there is nothing of ours on it. */
async function unlessAnothers(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof PortFault && error.type === failureTypes.StaleWrite)) throw error;
  }
}
