import type { KubeConfig } from '@kubernetes/client-node';
import {
  AppsV1Api,
  AutoscalingV2Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  NetworkingV1Api,
  PolicyV1Api,
  type KubernetesObject,
} from '@kubernetes/client-node';

/** Everything of a namespace that a person made, as text by kind and name, without what the server keeps for itself. */
export async function namespaceObjects(
  config: KubeConfig,
  namespace: string,
): Promise<Record<string, string>> {
  const routes = { group: 'gateway.networking.k8s.io', version: 'v1', namespace, plural: 'httproutes' };
  const lists: { items: KubernetesObject[] }[] = await Promise.all([
    config.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace }),
    config.makeApiClient(CoreV1Api).listNamespacedService({ namespace }),
    config.makeApiClient(CoreV1Api).listNamespacedConfigMap({ namespace }),
    config.makeApiClient(AutoscalingV2Api).listNamespacedHorizontalPodAutoscaler({ namespace }),
    config.makeApiClient(PolicyV1Api).listNamespacedPodDisruptionBudget({ namespace }),
    config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace }),
    config.makeApiClient(NetworkingV1Api).listNamespacedNetworkPolicy({ namespace }),
    config.makeApiClient(CustomObjectsApi).listNamespacedCustomObject(routes) as Promise<{
      items: KubernetesObject[];
    }>,
  ]);
  const kinds = [
    'Deployment',
    'Service',
    'ConfigMap',
    'HorizontalPodAutoscaler',
    'PodDisruptionBudget',
    'Job',
    'NetworkPolicy',
    'HTTPRoute',
  ];
  const named = lists.flatMap(({ items }, index) =>
    items.map((item) => [`${kinds[index] ?? ''}/${item.metadata?.name ?? ''}`, comparable(item)]),
  );
  return Object.fromEntries(named) as Record<string, string>;
}

/** Own bookkeeping is what Sluice says it leaves: labels and annotations of its own. */
function comparable(object: KubernetesObject): string {
  const { metadata, ...rest } = structuredClone(object) as KubernetesObject & { status?: unknown };
  delete rest.status;
  const { labels, annotations, name } = metadata ?? {};
  const kept = { name, labels: notOurs(labels), annotations: notOurs(annotations) };
  return JSON.stringify({ ...rest, metadata: kept }, undefined, 1);
}

function notOurs(values: Readonly<Record<string, string>> = {}): Record<string, string> {
  const foreign = Object.entries(values).filter(([name]) => !name.startsWith('sluice.dev/'));
  return Object.fromEntries(foreign.filter(([name]) => name !== 'deployment.kubernetes.io/revision'));
}
