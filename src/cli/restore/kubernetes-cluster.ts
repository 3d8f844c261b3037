import { httpRoute } from '../../adapters/gateway-api/http-route.ts';
import { HttpRouteTraffic } from '../../adapters/gateway-api/http-route-traffic.ts';
import { readState } from '../../adapters/gateway-api/state.ts';
import type { KubernetesApi } from '../../adapters/kubernetes-api/api.ts';
import { kinds } from '../../adapters/kubernetes-api/kinds.ts';
import { DeploymentWorkload } from '../../adapters/kubernetes/deployment-workload.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { PortFault } from '../../ports/faults.ts';
import type { ArmReadiness, WorkloadPort } from '../../ports/workload.ts';
import type { Clue, MissingRights, Remains, RestoreCluster } from './cluster.ts';
import { cluesIn } from './clues.ts';
import { remainsOf, routeRemains } from './remains.ts';
import { findMissingRights } from './rights.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';

/** The cluster of a kubeconfig, through the adapters that a worker uses. */
export class KubernetesCluster implements RestoreCluster {
  readonly place: string;
  // As long as the workflow waits: a gateway obeys within a second of accepting.
  readonly gatewayObeysMs = 2000;
  readonly #api: KubernetesApi;
  readonly #traffic: HttpRouteTraffic;
  readonly #workload: WorkloadPort;

  constructor(api: KubernetesApi, place: string) {
    this.place = place;
    this.#api = api;
    this.#traffic = new HttpRouteTraffic(api);
    this.#workload = new DeploymentWorkload({ api });
  }

  missingRights(namespace: string): Promise<MissingRights> {
    return findMissingRights(this.#api, namespace);
  }

  async clues(namespace: string): Promise<readonly Clue[] | null> {
    const [routes, deployments, services] = await Promise.all([
      this.#api.list(httpRoute, namespace),
      this.#api.list(kinds.deployment, namespace),
      this.#api.list(kinds.service, namespace),
    ]);
    return routes.length + deployments.length === 0 ? null : cluesIn({ routes, deployments, services });
  }

  async look(target: Target, { autoscalers }: { readonly autoscalers: boolean }): Promise<Remains> {
    const snapshot = await readSnapshot(this.#api, target, { autoscalers });
    return remainsOf(target, snapshot, await this.#stable(target, snapshot));
  }

  async moveTraffic(target: Target, nowMs: number): Promise<void> {
    await this.#traffic.restoreRoute(target, nowMs);
  }

  async seeRoute(target: Target): Promise<{ accepted: boolean; leadsToCanary: boolean }> {
    const route = await this.#api.read(httpRoute, target.namespace, target.router.name);
    return {
      accepted: readState(route, target).accepted,
      leadsToCanary: routeRemains(route, target).leadsToCanary,
    };
  }

  async undoStable(target: Target, rolloutIds: readonly string[]): Promise<void> {
    for (const rolloutId of rolloutIds) await this.#workload.undoStable(target, { rolloutId });
  }

  async clear(
    target: Target,
    rolloutIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const kept: string[] = [];
    for (const rolloutId of rolloutIds) {
      await this.#workload.removeCanary(target, { rolloutId }, signal);
      kept.push(...(await this.#workload.releaseStable(target, { rolloutId })));
    }
    return kept;
  }

  async #stable(target: Target, { deployment }: Snapshot): Promise<ArmReadiness | null> {
    if (deployment === null) return null;
    try {
      return (await this.#workload.readiness(target)).stable;
    } catch (error) {
      // Why pods are not ready is in objects that not everybody may list; how many are ready is not.
      if (!(error instanceof PortFault)) throw error;
      const desired = deployment.spec?.replicas ?? 1;
      const serving = deployment.status?.readyReplicas ?? 0;
      return { desired, ready: serving, serving, summary: `${serving}/${desired} ready` };
    }
  }
}
