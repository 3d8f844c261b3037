import { clearAway } from './clear-away.ts';
import type { Ports } from './deps.ts';
import { drainCanary } from './drain-canary.ts';
import { toFailure, toRetry } from './failures.ts';
import { withHeart } from './heart.ts';
import { moveTrafficBack } from './move-traffic-back.ts';
import { preflight } from './preflight.ts';
import { readSeries } from './read-series.ts';
import { readTraffic } from './read-traffic.ts';
import { readyCanary } from './ready-canary.ts';
import { adoptCanary, renewStable } from './renew-stable.ts';
import { shiftWeight } from './shift-weight.ts';
import type { ReadingActivities, RolloutActivities } from './types.ts';
import { awaitGates, judgeGates, watchGuards } from './watch-guards.ts';

type Show = (details: unknown) => void;

/** The activities that a worker registers, over what it was given of the world. */
export function createActivities(ports: Ports): RolloutActivities & ReadingActivities {
  return {
    readTraffic: ({ plan }) => alive((signal) => readTraffic(ports, plan, signal)),
    readSeries: (order) => alive((signal) => readSeries(ports, order, signal)),
    preflight: (order) => alive((signal) => preflight(ports, order, signal)),
    takeTarget: (order) =>
      alive(async () => {
        const { plan, fence } = order;
        await ports.traffic.claim(plan.target, fence);
        await ports.workload.secureStable(plan.target, { rolloutId: fence.rolloutId });
      }),
    readyCanary: (order) => alive((signal, show) => readyCanary(ports, order, signal, show)),
    shiftWeight: (order) => alive(() => shiftWeight(ports, order)),
    watchGuards: (order) => alive((signal, show) => watchGuards(ports, order, signal, show)),
    judgeGates: (order) => alive((signal) => judgeGates(ports, order, signal)),
    awaitGates: (order) => alive((signal, show) => awaitGates(ports, order, signal, show)),
    moveTrafficBack: (order) => alive((_, show) => moveTrafficBack(ports, order, show), toRetry),
    renewStable: (order) => alive((_, show) => renewStable(ports, order, show)),
    adoptCanary: (order) => alive((signal, show) => adoptCanary(ports, order, signal, show)),
    undoStable: ({ plan, fence }) =>
      alive(() => ports.workload.undoStable(plan.target, { rolloutId: fence.rolloutId }), toRetry),
    drainCanary: (order) => alive((signal, show) => drainCanary(ports, order, signal, show)),
    clearAway: (order) => alive((signal) => clearAway(ports, order, signal)),
    notify: ({ plan, outcome }) =>
      alive(async (signal) => {
        const event = { rollout: plan.name, target: plan.target, version: plan.release.version, outcome };
        await Promise.all(plan.notifications.map((to) => ports.notification.send(to, event, signal)));
      }),
  };
}

/** Every activity has a beating heart, and tells faults in Temporal's terms. */
async function alive<T>(
  work: (signal: AbortSignal, show: Show) => Promise<T>,
  translate: (error: unknown) => unknown = toFailure,
): Promise<T> {
  try {
    return await withHeart(work);
  } catch (error) {
    throw translate(error);
  }
}
