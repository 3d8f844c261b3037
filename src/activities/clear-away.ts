import { failureTypes } from '../domain/failures.ts';
import { PortFault } from '../ports/faults.ts';
import type { Ports } from './deps.ts';
import { pause } from './heart.ts';
import { stillMine } from './ready-canary.ts';
import type { Order } from './types.ts';

const lookEveryMs = 500;

/** Removes the canary, puts stable's autoscaler back, and lets the next rollout in, in this order. */
export async function clearAway(
  { traffic, workload }: Ports,
  { plan, fence }: Order,
  signal: AbortSignal,
): Promise<void> {
  const owner = { rolloutId: fence.rolloutId };
  await workload.removeCanary(plan.target, owner, signal);
  await workload.releaseStable(plan.target, owner);
  try {
    await traffic.release(plan.target, fence);
  } catch (error) {
    // Another rollout owns the route: there is nothing of ours to release.
    if (!(error instanceof PortFault && error.type === failureTypes.StaleWrite)) throw error;
  }
}

/**
 * Finish `update`: stable gets the release's template; its own rolling update does the rest.
 * @param show told how far it is.
 */
export async function renewStable(
  ports: Ports,
  order: Order,
  show: (details: unknown) => void,
): Promise<void> {
  const { plan, fence } = order;
  await stillMine(ports, order);
  await ports.workload.updateStable(plan.target, plan.release, { rolloutId: fence.rolloutId });
  for (;;) {
    const { stable } = await ports.workload.readiness(plan.target);
    if (stable.ready >= stable.desired) return;
    show(stable.summary);
    await pause(lookEveryMs);
  }
}
