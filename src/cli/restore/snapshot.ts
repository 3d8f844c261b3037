import type { V1Deployment, V1Service, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { httpRoute, type HttpRoute } from '../../adapters/gateway-api/http-route.ts';
import type { KubernetesApi } from '../../adapters/kubernetes-api/api.ts';
import { kinds } from '../../adapters/kubernetes-api/kinds.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { canaryServiceName, canaryWorkloadName } from '../../domain/rollout/naming.ts';

/** The objects of one target as they are now; null for those that do not exist. */
export interface Snapshot {
  readonly route: HttpRoute | null;
  readonly deployment: V1Deployment | null;
  readonly service: V1Service | null;
  readonly canaryDeployment: V1Deployment | null;
  readonly canaryService: V1Service | null;
  /** All of the namespace: somebody may have pointed a pinned one at something else meanwhile. */
  readonly autoscalers: readonly V2HorizontalPodAutoscaler[];
}

/**
 * Reads a target's objects, by name: whoever may not list routes can restore all the same.
 * @param autoscalers false for a caller who may not list them.
 */
export async function readSnapshot(
  api: KubernetesApi,
  target: Target,
  { autoscalers }: { readonly autoscalers: boolean },
): Promise<Snapshot> {
  const { namespace, router, workload, service } = target;
  const [route, deployment, stableService, canaryDeployment, canaryService, pinned] = await Promise.all([
    api.find(httpRoute, namespace, router.name),
    api.find(kinds.deployment, namespace, workload.name),
    api.find(kinds.service, namespace, service.name),
    api.find(kinds.deployment, namespace, canaryWorkloadName(target)),
    api.find(kinds.service, namespace, canaryServiceName(target)),
    autoscalers ? api.list(kinds.horizontalPodAutoscaler, namespace) : [],
  ]);
  return {
    route,
    deployment,
    service: stableService,
    canaryDeployment,
    canaryService,
    autoscalers: pinned,
  };
}
