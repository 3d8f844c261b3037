import type { KubernetesApi } from '../../adapters/kubernetes-api/api.ts';
import { kinds } from '../../adapters/kubernetes-api/kinds.ts';
import { PortFault } from '../../ports/faults.ts';
import type { MissingRights } from './cluster.ts';

/**
 * What restore does in a namespace: a part of what a worker may do there. What only an adoption that was cut off needs is
 * not asked for: Kubernetes tells then.
 */
export const restoreRights = {
  route: {
    'httproutes.gateway.networking.k8s.io': ['get', 'update', 'patch'],
    'deployments.apps': ['get'],
    services: ['get'],
  },
  workload: {
    'deployments.apps': ['patch', 'delete'],
    'replicasets.apps': ['list', 'delete'],
    services: ['delete'],
    'horizontalpodautoscalers.autoscaling': ['list', 'patch'],
    pods: ['list'],
  },
} as const satisfies Record<keyof MissingRights, Readonly<Record<string, readonly string[]>>>;

/** Which of the rights that restore needs the caller lacks; every account may ask this. */
export async function findMissingRights(api: KubernetesApi, namespace: string): Promise<MissingRights> {
  const missing = async (part: Readonly<Record<string, readonly string[]>>) => {
    const asked = Object.entries(part).map(async ([resource, verbs]) => {
      const answers = await Promise.all(verbs.map((verb) => isAllowed(api, namespace, { verb, resource })));
      const denied = verbs.filter((_, index) => answers[index] === false);
      return denied.length === 0 ? [] : [`${denied.join(', ')} ${resource}`];
    });
    return (await Promise.all(asked)).flat();
  };
  const [route, workload] = await Promise.all([
    missing(restoreRights.route),
    missing(restoreRights.workload),
  ]);
  return { route, workload };
}

async function isAllowed(
  api: KubernetesApi,
  namespace: string,
  { verb, resource: name }: { readonly verb: string; readonly resource: string },
): Promise<boolean> {
  const [resource = '', ...group] = name.split('.');
  const review = { spec: { resourceAttributes: { namespace, verb, resource, group: group.join('.') } } };
  try {
    const { status } = await api.create(kinds.selfSubjectAccessReview, '', review);
    return status?.allowed === true;
  } catch (error) {
    // Who cannot be asked may allow it all the same: what is done next tells.
    if (error instanceof PortFault) return true;
    throw error;
  }
}
