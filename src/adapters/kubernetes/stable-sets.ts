import type { V1Deployment, V1ReplicaSet } from '@kubernetes/client-node';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { isControlledBy } from './ownership.ts';
import { selectorText } from './selectors.ts';

/** The ReplicaSets of stable's Deployment, old ones too. */
export async function setsOf(api: KubernetesApi, stable: V1Deployment): Promise<V1ReplicaSet[]> {
  const labelSelector = selectorText(stable.spec?.selector ?? {});
  const sets = await api.list(kinds.replicaSet, stable.metadata?.namespace ?? '', { labelSelector });
  return sets.filter((set) => isControlledBy(set, stable));
}
