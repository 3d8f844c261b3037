import type { Target } from '../../domain/plan/plan.ts';
import { labels } from '../../domain/rollout/naming.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { relabel } from './adopted-pods.ts';
import { isControlledBy } from './ownership.ts';
import { selectorText } from './selectors.ts';

/** No mark of a rollout. */
const none = { [labels.rolloutId]: null, [labels.arm]: null, [labels.version]: null };

/**
 * Takes the rollout's marks off what stable has adopted: first its pods, then their ReplicaSet, by which a second
 * attempt finds them.
 */
export async function removeMarks(api: KubernetesApi, target: Target, owner: Owner): Promise<void> {
  const { namespace, workload } = target;
  const labelSelector = selectorText({ matchLabels: { [labels.rolloutId]: owner.rolloutId } });
  const [stable, sets] = await Promise.all([
    api.find(kinds.deployment, namespace, workload.name),
    api.list(kinds.replicaSet, namespace, { labelSelector }),
  ]);
  for (const set of sets.filter((it) => stable !== null && isControlledBy(it, stable))) {
    const pods = await api.list(kinds.pod, namespace, { labelSelector });
    await relabel(
      api,
      pods.filter((pod) => isControlledBy(pod, set)),
      none,
    );
    const { name = '', uid } = set.metadata ?? {};
    const body = { metadata: { uid, labels: none } };
    await api.patch(kinds.replicaSet, namespace, name, body, { type: 'merge' });
  }
}
