import { failureTypes } from '../domain/failures.ts';
import { PortFault } from '../ports/faults.ts';
import type { Ports } from './deps.ts';
import { pause } from './heart.ts';
import { stillMine } from './ready-canary.ts';
import type { Order } from './types.ts';

const lookEveryMs = 500;

/**
 * Finish `update`: stable gets the release's template; its own rolling update does the rest.
 * @param show told how far it is.
 * @throws PortFault StableNotReady when its pods are not ready by the deadline that the canary's had: often there is no
 * room for the pods that a rolling update starts before it stops old ones.
 */
export async function renewStable(
  ports: Ports,
  order: Order,
  show: (details: unknown) => void,
): Promise<void> {
  const { target, release, deadlines } = order.plan;
  await stillMine(ports, order);
  await ports.workload.updateStable(target, release, { rolloutId: order.fence.rolloutId });
  const deadline = Date.now() + deadlines.canaryReadyMs;
  for (;;) {
    const { stable } = await ports.workload.readiness(target);
    if (stable.ready >= stable.desired) return;
    show(stable.summary);
    if (Date.now() > deadline) throw new PortFault(failureTypes.StableNotReady, stable.summary);
    await pause(lookEveryMs);
  }
}

/** Finish `adopt`: the canary's running pods become stable's. */
export async function adoptCanary(
  ports: Ports,
  order: Order,
  signal: AbortSignal,
  show: (details: unknown) => void,
): Promise<void> {
  const { target, release } = order.plan;
  await stillMine(ports, order);
  await ports.workload.adoptCanary(target, release, { rolloutId: order.fence.rolloutId }, show, signal);
}
