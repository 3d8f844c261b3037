import {
  AppsV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type KubernetesObject,
} from '@kubernetes/client-node';

/** Names of all labels and annotations of Sluice's own in a namespace, as `Deployment vllm sluice.dev/ended`, sorted. */
export async function bookkeeping(config: KubeConfig, namespace: string): Promise<string[]> {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const routes = { group: 'gateway.networking.k8s.io', version: 'v1', namespace, plural: 'httproutes' };
  const all: Record<string, { items: KubernetesObject[] }> = {
    Deployment: await apps.listNamespacedDeployment({ namespace }),
    ReplicaSet: await apps.listNamespacedReplicaSet({ namespace }),
    Service: await core.listNamespacedService({ namespace }),
    Pod: await core.listNamespacedPod({ namespace }),
    HorizontalPodAutoscaler: await config
      .makeApiClient(AutoscalingV2Api)
      .listNamespacedHorizontalPodAutoscaler({ namespace }),
    HTTPRoute: (await config.makeApiClient(CustomObjectsApi).listNamespacedCustomObject(routes)) as {
      items: KubernetesObject[];
    },
  };
  return Object.entries(all)
    .flatMap(([kind, { items }]) => items.flatMap((item) => marksOf(kind, item)))
    .sort();
}

function marksOf(kind: string, { metadata }: KubernetesObject): string[] {
  // A pod that is on its way out takes its marks along.
  if (metadata?.deletionTimestamp !== undefined) return [];
  const keys = Object.keys({ ...metadata?.labels, ...metadata?.annotations });
  return keys
    .filter((it) => it.startsWith('sluice.dev/'))
    .map((it) => `${kind} ${metadata?.name ?? ''} ${it}`);
}
