import { failureTypes } from '../domain/failures.ts';
import { PortFault } from '../ports/faults.ts';
import type { Ports } from './deps.ts';
import { pause } from './heart.ts';
import type { Order, ShiftOrder } from './types.ts';

/** Gateways take a tenth of a second, or else seconds. */
const lookEveryMs = { atFirst: 25, later: 250 };
const atFirstLooks = 20;

/**
 * Writes the weight, and waits until the gateway has accepted it. No weight is written before all the canary's pods are
 * ready (S3).
 * @throws PortFault StaleWrite, ForeignChange, Unavailable.
 */
export async function shiftWeight(ports: Ports, order: ShiftOrder): Promise<void> {
  const { plan, fence, weightPercent, replicas, expectedPercent } = order;
  const { canary } = await ports.workload.readiness(plan.target);
  if (canary === null || canary.ready < Math.max(replicas, canary.desired)) {
    throw new PortFault(
      failureTypes.Unavailable,
      `the canary is not ready: ${canary?.summary ?? 'it is gone'}`,
    );
  }
  await ports.traffic.shift(plan.target, weightPercent, fence, plan.headerRule, expectedPercent);
  await untilAccepted(ports, order);
}

/**
 * Waits until the gateway has accepted the route as it is written.
 * @throws PortFault Unavailable at the plan's deadline.
 */
export async function untilAccepted({ traffic }: Ports, { plan }: Order): Promise<void> {
  const deadline = Date.now() + plan.deadlines.routeAcceptedMs;
  for (let looks = 0; !(await traffic.read(plan.target)).accepted; looks += 1) {
    if (Date.now() > deadline) {
      throw new PortFault(
        failureTypes.Unavailable,
        `the gateway has not accepted HTTPRoute ${plan.target.router.name}`,
      );
    }
    await pause(looks < atFirstLooks ? lookEveryMs.atFirst : lookEveryMs.later);
  }
}
