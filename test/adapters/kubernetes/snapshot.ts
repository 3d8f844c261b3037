import type { V1Endpoint, V1ObjectMeta } from '@kubernetes/client-node';
import type { KubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import type { ApiObject, Kind } from '../../../src/adapters/kubernetes-api/kinds.ts';

interface AnyObject extends ApiObject {
  metadata?: V1ObjectMeta;
  status?: unknown;
  /** Of an EndpointSlice; null while there are none. */
  endpoints?: V1Endpoint[] | null;
}

const everyKind = [
  ['v1', 'ConfigMap', 'configmaps'],
  ['v1', 'Pod', 'pods'],
  ['v1', 'Secret', 'secrets'],
  ['v1', 'Service', 'services'],
  ['v1', 'ServiceAccount', 'serviceaccounts'],
  ['apps/v1', 'ControllerRevision', 'controllerrevisions'],
  ['apps/v1', 'Deployment', 'deployments'],
  ['apps/v1', 'ReplicaSet', 'replicasets'],
  ['apps/v1', 'StatefulSet', 'statefulsets'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'],
  ['batch/v1', 'Job', 'jobs'],
  ['discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'],
  ['policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'],
  ['rbac.authorization.k8s.io/v1', 'Role', 'roles'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute', 'httproutes'],
] as const;

/** Every object of a namespace by name, without what the server manages, and without the mark of an ended rollout. */
export async function snapshot(api: KubernetesApi, namespace: string): Promise<Record<string, unknown>> {
  const lists = await Promise.all(
    everyKind.map(async ([apiVersion, kind, plural]) => {
      const one: Kind<AnyObject> = { apiVersion, kind, plural };
      const found = await api.list(one, namespace);
      return found.map((object) => [`${kind}/${object.metadata?.name ?? ''}`, settled(object)] as const);
    }),
  );
  return Object.fromEntries(lists.flat());
}

/** `metadata.generation` stays: who changes nothing of a spec leaves it as it is. */
function settled(object: AnyObject): unknown {
  const copy = structuredClone(object);
  delete copy.status;
  delete copy.metadata?.resourceVersion;
  delete copy.metadata?.managedFields;
  delete copy.metadata?.labels?.['sluice.dev/ended'];
  // A pod that fails one probe on a busy machine is the same pod.
  for (const { conditions } of copy.endpoints ?? []) {
    delete conditions?.ready;
    delete conditions?.serving;
  }
  return copy;
}

/** What controllers count up when something was changed and changed back. */
const counters = [
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'endpoints.kubernetes.io/last-change-trigger-time',
];

/** {@link snapshot} without the counters of changes: for what was changed, and changed back as if it had not been. */
export async function uncountedSnapshot(
  api: KubernetesApi,
  namespace: string,
): Promise<Record<string, unknown>> {
  const all = (await snapshot(api, namespace)) as Record<string, AnyObject>;
  for (const { metadata, endpoints } of Object.values(all)) {
    delete metadata?.generation;
    for (const key of counters) delete metadata?.annotations?.[key];
    if (Object.keys(metadata?.annotations ?? {}).length === 0) delete metadata?.annotations;
    endpoints?.sort((a, b) => ((a.addresses[0] ?? '') < (b.addresses[0] ?? '') ? -1 : 1));
  }
  return all;
}
