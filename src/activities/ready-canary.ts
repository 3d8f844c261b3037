import { failureTypes } from '../domain/failures.ts';
import { mayWrite } from '../domain/rollout/fence.ts';
import { PortFault } from '../ports/faults.ts';
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
  await stillMine(ports, order);
  await ports.workload.createCanary(target, release, replicas, owner);
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
 * An attempt that slept through a rollback must not make a canary anew. The route's fence tells; the look and the write
 * that follows are two calls, but what such an attempt could still make has no traffic, and is found by preflight.
 * @throws PortFault StaleWrite.
 */
export async function stillMine({ traffic }: Ports, { plan, fence }: Order): Promise<void> {
  const state = await traffic.read(plan.target);
  const answer = mayWrite(state.fence, fence);
  if (!answer.allowed) throw new PortFault(failureTypes.StaleWrite, answer.why);
}
