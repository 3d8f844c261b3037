import { isDeepStrictEqual } from 'node:util';
import { failureTypes } from '../../domain/failures.ts';
import type { HeaderRule, Target } from '../../domain/plan/plan.ts';
import type { Fence } from '../../domain/rollout/fence.ts';
import type { ChangeWatch } from '../../ports/changes.ts';
import { PortFault } from '../../ports/faults.ts';
import type { TrafficPort, TrafficState } from '../../ports/traffic.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { isConflict, isInvalid } from '../kubernetes-api/faults.ts';
import { httpRoute, type HttpRoute } from './http-route.ts';
import { precisePatch } from './precise-patch.ts';
import { claimed, movedBack, released, restored, shifted } from './route.ts';
import { readState } from './state.ts';
import { requireExpected } from './expected.ts';

/**
 * The traffic port over an HTTPRoute of the Gateway API. Every change is: read, decide on what was read (route.ts),
 * write with its resourceVersion; after a conflict read and decide again. What is there already is not written.
 * Needs get, watch, update and patch on httproutes.
 */
export class HttpRouteTraffic implements TrafficPort {
  readonly #api: KubernetesApi;
  readonly #conflictsForMs: number;

  /** @param options.conflictsForMs how long to go on when others keep writing the route. @default 10 s */
  constructor(api: KubernetesApi, options: { readonly conflictsForMs?: number } = {}) {
    this.#api = api;
    this.#conflictsForMs = options.conflictsForMs ?? 10_000;
  }

  async read(target: Target): Promise<TrafficState> {
    return readState(await this.#read(target), target);
  }

  watch({ namespace, router }: Target): ChangeWatch {
    return this.#api.watch(httpRoute, namespace, [router.name]);
  }

  async claim(target: Target, fence: Fence): Promise<void> {
    await this.#change(target, (route) => claimed(route, target, fence));
  }

  async shift(
    target: Target,
    weightPercent: number,
    fence: Fence,
    headerRule: HeaderRule | null,
    expectedPercent: number | null,
  ): Promise<TrafficState> {
    const decide = (route: HttpRoute) => {
      requireExpected(route, target, { weightPercent, expectedPercent, fence });
      return shifted(route, target, weightPercent, fence, headerRule);
    };
    return readState(await this.#change(target, decide), target);
  }

  async moveBack(target: Target, fence: Fence): Promise<TrafficState> {
    return readState(await this.#change(target, (route) => movedBack(route, target, fence)), target);
  }

  async release(target: Target, fence: Fence): Promise<void> {
    await this.#change(target, (route) => released(route, fence));
  }

  /**
   * The way out without Temporal (S14), for `sluice restore`; not part of the port. Moves all traffic back from what is
   * recorded on the route, whoever owns it, and releases the fence one epoch later: a rollout that still runs, or an
   * attempt of it that comes late, can change nothing after this. Harmless when there is nothing of a rollout.
   * @param nowMs rollouts that started before this cannot claim the route any more when it carried no fence.
   */
  async restoreRoute(target: Target, nowMs: number): Promise<TrafficState> {
    return readState(await this.#change(target, (route) => restored(route, target, nowMs)), target);
  }

  async #change(target: Target, decide: (route: HttpRoute) => HttpRoute): Promise<HttpRoute> {
    const deadline = performance.now() + this.#conflictsForMs;
    for (let attempt = 1; ; attempt += 1) {
      const found = await this.#read(target);
      const wanted = decide(found);
      if (isDeepStrictEqual(wanted, found)) return found;
      try {
        return await this.#write(target, found, wanted, attempt);
      } catch (error) {
        if (!(error instanceof LostRace)) throw error;
        if (performance.now() > deadline) throw this.#givenUp(target, error.cause);
      }
    }
  }

  /**
   * Every second attempt is a patch that minds only what was decided on. The attempts between tell whether the API
   * server refuses the change for good: of a patch it says the same when somebody was faster.
   * @throws LostRace when somebody else wrote since the route was read.
   */
  async #write(target: Target, found: HttpRoute, wanted: HttpRoute, attempt: number): Promise<HttpRoute> {
    const { namespace, router } = target;
    const patch = attempt % 2 === 0 ? precisePatch(found, wanted) : null;
    try {
      if (patch === null) return await this.#api.replace(httpRoute, namespace, wanted);
      return await this.#api.patch(httpRoute, namespace, router.name, patch, { type: 'json' });
    } catch (error) {
      if (isConflict(error) || (patch !== null && isInvalid(error))) throw new LostRace(error);
      throw error;
    }
  }

  #read({ namespace, router }: Target): Promise<HttpRoute> {
    return this.#api.read(httpRoute, namespace, router.name);
  }

  #givenUp({ namespace, router }: Target, cause: unknown): PortFault {
    return new PortFault(
      failureTypes.Unavailable,
      `cannot change HTTPRoute ${namespace}/${router.name}: others kept writing it for ${this.#conflictsForMs} ms`,
      { cause },
    );
  }
}

/** Somebody else wrote between our read and our write. */
class LostRace extends Error {
  override readonly name = 'LostRace';

  constructor(cause: unknown) {
    super('somebody else wrote since the route was read', { cause });
  }
}
