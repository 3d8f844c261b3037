import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import type { ApiObject, Kind } from '../kubernetes-api/kinds.ts';
import { isEnding, isMarked, type Owned } from './ownership.ts';

/** Asks for the end of an object that carries this rollout's mark; leaves any other one alone. */
export async function deleteOwn<T extends ApiObject & Owned>(
  api: KubernetesApi,
  kind: Kind<T>,
  namespace: string,
  name: string,
  owner: Owner,
  propagation: 'Background' | 'Foreground',
): Promise<void> {
  const found = await api.find(kind, namespace, name);
  if (found === null || !isMarked(found, owner) || isEnding(found)) return;
  await api.delete(kind, namespace, name, { uid: found.metadata?.uid ?? '', propagation });
}
