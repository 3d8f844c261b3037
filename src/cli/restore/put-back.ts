import { setTimeout as pause } from 'node:timers/promises';
import type { Target } from '../../domain/plan/plan.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import { span } from '../../domain/rollout/span.ts';
import type { Remains, RestoreCluster } from './cluster.ts';
import { patiently } from './patience.ts';

export interface PutBackOptions {
  /** Go on although the gateway does not say that it has accepted the route. */
  readonly force: boolean;
  /** Lines about how far it is. */
  readonly say: (line: string) => void;
  readonly now: () => number;
  /** Ends waiting; the traffic is moved all the same. */
  readonly signal: AbortSignal;
  /** False where rights are missing: then only the traffic is moved. @default true */
  readonly workload?: boolean;
  readonly times?: Partial<PutBackTimes>;
}

export interface PutBackTimes {
  /** How long the gateway has to accept the route. */
  readonly acceptedMs: number;
  readonly lookEveryMs: number;
  /** How long the API server may be away. */
  readonly patienceMs: number;
}

const standardTimes: PutBackTimes = {
  acceptedMs: 30_000,
  lookEveryMs: 250,
  patienceMs: 60_000,
};

/**
 * Traffic first (S1), then stable's own template, then the canary, then autoscaler and marks. Every step is harmless
 * when done: it can be cut off anywhere and run again.
 * @returns sentences about what stays as somebody else has set it.
 * @throws CliProblem; PortFault; what `signal` was aborted with.
 */
export async function putBack(
  cluster: RestoreCluster,
  target: Target,
  remains: Remains,
  options: PutBackOptions,
): Promise<readonly string[]> {
  const { say, now, signal, workload = true } = options;
  const times = { ...standardTimes, ...options.times };
  const patience = { signal, say, forMs: times.patienceMs, everyMs: times.lookEveryMs };
  if (remains.route !== null) {
    const beganAt = now();
    // No signal here: a Ctrl-C while the API server is slow must not leave the traffic where it is.
    const whole = { ...patience, signal: new AbortController().signal };
    await patiently(() => cluster.moveTraffic(target, beganAt), whole);
    say(
      remains.route.leadsToCanary
        ? `all traffic is on stable (${span(now() - beganAt)})`
        : 'the route leads to stable alone',
    );
  }
  if (!workload) return [];
  // Soon: pods that were about to become stable's are in stable's Service until then.
  await patiently(() => cluster.undoStable(target, remains.rolloutIds), patience);
  if (remains.canary) {
    if (remains.route !== null) await untilGatewayObeys(cluster, target, { ...options, times });
    say('removing the canary; its pods may end the requests that they have');
  }
  const kept = await patiently(() => cluster.clear(target, remains.rolloutIds, signal), patience);
  if (remains.canary) say('the canary is gone');
  return kept;
}

/** A gateway that has not heard yet still sends requests to the canary: they must find it. */
async function untilGatewayObeys(
  cluster: RestoreCluster,
  target: Target,
  { force, say, signal, times }: PutBackOptions & { readonly times: PutBackTimes },
): Promise<void> {
  const route = `HTTPRoute ${target.namespace}/${target.router.name}`;
  const patience = { signal, say, forMs: times.patienceMs, everyMs: times.lookEveryMs };
  const deadline = performance.now() + times.acceptedMs;
  for (;;) {
    const { accepted, leadsToCanary } = await patiently(() => cluster.seeRoute(target), patience);
    if (leadsToCanary) {
      throw new CliProblem(
        exitCodes.unexpected,
        `Somebody has led traffic to the canary again: ${route}; the canary stays`,
        'Find out who writes the route (a GitOps tool?), then run this again.',
      );
    }
    if (accepted) break;
    if (performance.now() > deadline) {
      if (force) {
        say(`the gateway has not accepted ${route} within ${span(times.acceptedMs)}; going on (--force)`);
        return;
      }
      throw new CliProblem(
        exitCodes.unexpected,
        `The gateway has not accepted ${route} within ${span(times.acceptedMs)}, ` +
          'so it may still send requests to the canary: the canary stays',
        `Look at the route's status (kubectl describe httproute ${target.router.name} -n ${target.namespace}), ` +
          'then run this again, or with --force.',
      );
    }
    await wait(times.lookEveryMs, signal);
  }
  await wait(cluster.gatewayObeysMs, signal);
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {
    signal.throwIfAborted();
  });
}
