import { failureTypes } from '../../domain/failures.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { mayWrite, type Fence } from '../../domain/rollout/fence.ts';
import { PortFault } from '../../ports/faults.ts';
import type { HttpRoute } from './http-route.ts';
import { readState } from './state.ts';

/** Weights are rounded when they are written. */
const toleratedPoints = 0.05;

/**
 * Nobody but this rollout changed the weight since its last write (S10). What the same order has written already, in
 * an attempt that was cut off, is no foreign change. Whether the fence lets the write through at all is decided
 * elsewhere (route.ts).
 * @throws PortFault ForeignChange.
 */
export function requireExpected(
  route: HttpRoute,
  target: Target,
  order: { readonly weightPercent: number; readonly expectedPercent: number | null; readonly fence: Fence },
): void {
  const { weightPercent, expectedPercent, fence } = order;
  const state = readState(route, target);
  if (expectedPercent === null || !mayWrite(state.fence, fence).allowed) return;
  const now = state.canaryWeightPercent;
  const ours = state.fence?.epoch === fence.epoch ? [expectedPercent, weightPercent] : [expectedPercent];
  if (now !== null && ours.some((it) => Math.abs(it - now) <= toleratedPoints)) return;
  const found = now === null ? 'rules that do not agree on a weight' : `${now} %`;
  throw new PortFault(
    failureTypes.ForeignChange,
    `HTTPRoute ${target.router.name} asks for ${found}, this rollout wrote ${expectedPercent} %`,
  );
}
