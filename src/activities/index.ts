import { alive } from './alive.ts';
import { clearAway } from './clear-away.ts';
import type { Ports } from './deps.ts';
import { drainCanary } from './drain-canary.ts';
import { toRetry } from './failures.ts';
import { judgePhase } from './judge-phase.ts';
import { moveTrafficBack } from './move-traffic-back.ts';
import { preflight } from './preflight.ts';
import { readyCanary } from './ready-canary.ts';
import { adoptCanary, renewStable } from './renew-stable.ts';
import { shiftWeight } from './shift-weight.ts';
import type { RolloutActivities } from './types.ts';
import { awaitGates, judgeGates } from './judge-gates.ts';
import { watchGuards } from './watch-guards.ts';

/** The activities of rollouts that a worker registers, over what it was given of the world. */
export function createActivities(ports: Ports): RolloutActivities {
  return {
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
    judgePhase: (order) => alive((_, show) => judgePhase(ports, order, show)),
    endJudging: ({ plan, fence, phase }) =>
      alive(() => ports.judgeJobs.remove(plan, phase, { rolloutId: fence.rolloutId })),
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
