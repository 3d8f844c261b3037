import { log } from '@temporalio/activity';
import { failureTypes } from '../domain/failures.ts';
import { PortFault } from '../ports/faults.ts';
import type { Ports } from './deps.ts';
import { pause } from './heart.ts';
import { untilAccepted } from './shift-weight.ts';
import type { BackOrder, Order } from './types.ts';

const lookEveryMs = 500;
/** The log says it once a minute, for as long as it lasts. */
const looksPerWarning = 120;
const noStablePod = 'stable has no ready pod: the traffic stays on the canary until it has one';

/**
 * All traffic to stable. The route is the first write and waits for nothing but a single ready pod of stable (S1): bad
 * answers are better than none.
 * @param show told while it waits for a ready pod of stable; the log is, too.
 * @throws PortFault NoStablePod when it is not to wait.
 */
export async function moveTrafficBack(
  ports: Ports,
  order: BackOrder,
  show: (details: unknown) => void,
): Promise<void> {
  // Side by side: each read more is time that the traffic stays on a bad canary.
  const look = () => Promise.all([stableCanServe(ports, order), hasWeight(ports, order)]);
  let [serves, weighted] = await look();
  for (let looks = 0; !serves; looks += 1) {
    if (!order.waits) throw new PortFault(failureTypes.NoStablePod, noStablePod);
    if (looks % looksPerWarning === 0) log.warn(noStablePod);
    show(noStablePod);
    await pause(lookEveryMs);
    [serves, weighted] = await look();
  }
  if (!(weighted && (await takeWeight(ports, order))) && !(await moveBack(ports, order))) return;
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

async function hasWeight({ traffic }: Ports, { plan }: Order): Promise<boolean> {
  return (await traffic.read(plan.target)).canaryWeightPercent !== 0;
}

/** @returns false when the route is another rollout's: there is nothing of ours on it. */
async function moveBack(ports: Ports, order: Order): Promise<boolean> {
  const { traffic } = ports;
  const { plan, fence } = order;
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

/**
 * Takes the canary's weight and leaves its name on the route. A gateway may forget a backend before it has heard of the
 * new weights, and then answers the backend's requests itself (Envoy with 503), so the name goes later, in `clearAway`.
 * @returns false when the route lets nobody take it in this way.
 */
async function takeWeight({ traffic }: Ports, { plan, fence }: Order): Promise<boolean> {
  try {
    await traffic.shift(plan.target, 0, fence, null, null);
    return true;
  } catch (error) {
    if (error instanceof PortFault && error.type !== failureTypes.Unavailable) return false;
    throw error;
  }
}

function isFault(error: unknown, type: string): boolean {
  return error instanceof PortFault && error.type === type;
}
