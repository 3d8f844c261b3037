import { failureTypes } from '../domain/failures.ts';
import { PortFault } from '../ports/faults.ts';
import type { Ports } from './deps.ts';
import { pause } from './heart.ts';
import { untilAccepted } from './shift-weight.ts';
import type { Order } from './types.ts';

const lookEveryMs = 500;

/**
 * All traffic to stable. The route is the first write and waits for nothing but a single ready pod of stable (S1): bad
 * answers are better than none.
 * @param show told loudly while stable has no ready pod.
 */
export async function moveTrafficBack(
  ports: Ports,
  order: Order,
  show: (details: unknown) => void,
): Promise<void> {
  while (!(await stableCanServe(ports, order))) {
    show('stable has no ready pod: the traffic stays on the canary until it has one');
    await pause(lookEveryMs);
  }
  if (!(await moveBack(ports, order))) return;
  // The write counts; a gateway that is slow to say so does not make a rollback fail.
  await untilAccepted(ports, order).catch(() => undefined);
}

/** A cluster that does not say how many pods are ready must not keep the traffic on a bad canary. */
async function stableCanServe({ workload }: Ports, { plan }: Order): Promise<boolean> {
  try {
    return (await workload.readiness(plan.target)).stable.serving > 0;
  } catch (error) {
    if (error instanceof PortFault) return true;
    throw error;
  }
}

/** @returns false when the route is another rollout's: there is nothing of ours on it. */
async function moveBack({ traffic }: Ports, { plan, fence }: Order): Promise<boolean> {
  try {
    await traffic.moveBack(plan.target, fence);
    return true;
  } catch (error) {
    if (!isFault(error, failureTypes.StaleWrite)) throw error;
  }
  // Not claimed, so far. Claim it now: an attempt to claim that is still on its way then comes too late (S4).
  try {
    await traffic.claim(plan.target, fence);
  } catch (error) {
    if (isFault(error, failureTypes.TargetTaken)) return false;
    throw error;
  }
  await traffic.moveBack(plan.target, fence);
  return true;
}

function isFault(error: unknown, type: string): boolean {
  return error instanceof PortFault && error.type === type;
}
