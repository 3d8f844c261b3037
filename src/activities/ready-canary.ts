import { failureTypes } from '../domain/failures.ts';
import { mayWrite } from '../domain/rollout/fence.ts';
import { PortFault } from '../ports/faults.ts';
import type { TrafficState } from '../ports/traffic.ts';
import type { Ports } from './deps.ts';
import { pause } from './heart.ts';
import type { Order } from './types.ts';

const lookEveryMs = 500;

/**
 * Creates or scales the canary and waits until every replica is ready and warm.
 * @param show told what holds it up.
 * @throws PortFault CanaryNotReady at the plan's deadline, with what was seen last.
 */
export async function readyCanary(
  ports: Ports,
  order: Order & { readonly replicas: number },
  signal: AbortSignal,
  show: (details: unknown) => void,
): Promise<void> {
  const { plan, fence, replicas } = order;
  const { target, release, deadlines, warmUp } = plan;
  const owner = { rolloutId: fence.rolloutId };
  const { canaryWeightPercent } = await stillMine(ports, order);
  await ports.workload.createCanary(target, release, replicas, owner);
  if (canaryWeightPercent === 0) await nameCanary(ports, order);
  await ports.workload.scaleCanary(target, replicas, owner);
  const deadline = Date.now() + deadlines.canaryReadyMs;
  for (;;) {
    const { canary } = await ports.workload.readiness(target);
    if (canary !== null && canary.desired === replicas && canary.ready >= replicas) break;
    const seen = canary?.summary ?? 'the canary is gone';
    show(seen);
    if (Date.now() > deadline) throw new PortFault(failureTypes.CanaryNotReady, seen);
    await pause(lookEveryMs);
  }
  if (warmUp.requestsPerPod > 0) await ports.warmUp.warm(target, warmUp, signal);
}

/**
 * Names the canary on the route, without weight. A gateway that hears of a backend and its weight at once sends it
 * requests before it knows its pods (Envoy answers them with 503), so it hears of the backend first, while pods start.
 * A weight that somebody else wrote meanwhile is left for `shiftWeight` to find.
 */
async function nameCanary({ traffic }: Ports, { plan, fence }: Order): Promise<void> {
  try {
    await traffic.shift(plan.target, 0, fence, null, 0);
  } catch (error) {
    if (!(error instanceof PortFault && error.type === failureTypes.ForeignChange)) throw error;
  }
}

/**
 * An attempt that slept through a rollback must not make a canary anew. The route's fence tells; the look and the write
 * that follows are two calls, but what such an attempt could still make has no traffic, and is found by preflight.
 * @returns what the route says now.
 * @throws PortFault StaleWrite.
 */
export async function stillMine({ traffic }: Ports, { plan, fence }: Order): Promise<TrafficState> {
  const state = await traffic.read(plan.target);
  const answer = mayWrite(state.fence, fence);
  if (!answer.allowed) throw new PortFault(failureTypes.StaleWrite, answer.why);
  return state;
}
