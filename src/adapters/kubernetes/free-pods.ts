import type { V1ReplicaSet } from '@kubernetes/client-node';
import { canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { requireStillOpen, type Adopting } from './adopting.ts';
import { adoptingSetName } from './adopting-set.ts';
import type { AdoptionNote } from './before-note.ts';
import { controllerOf, isEnding, isMarked } from './ownership.ts';
import { selectorText } from './selectors.ts';
import { lookUntil } from './wait.ts';

/**
 * Takes the canary's pods from its Deployment, without touching them: the Deployment goes, its ReplicaSet stays; then the
 * ReplicaSet goes, its pods stay. One after the other: as long as the Deployment is there it would make its ReplicaSet
 * anew. A ReplicaSet that is going starts no pods.
 */
export async function freePods(it: Adopting, adoption: AdoptionNote): Promise<void> {
  const { api, target, owner } = it;
  const name = canaryWorkloadName(target);
  await lookUntil(it, async () => {
    const canary = await api.find(kinds.deployment, target.namespace, name);
    if (canary === null || !isMarked(canary, owner)) return true;
    it.show(`Deployment ${name} is let go of its pods`);
    if (isEnding(canary)) return undefined;
    await requireStillOpen(it);
    const { uid = '' } = canary.metadata ?? {};
    await api.delete(kinds.deployment, target.namespace, name, { uid, propagation: 'Orphan' });
    return undefined;
  });
  await lookUntil(it, async () => {
    const sets = await canarySets(it, adoption);
    for (const set of sets.filter((one) => !isEnding(one) && controllerOf(one) === undefined)) {
      await requireStillOpen(it);
      const { name: setName = '', uid = '' } = set.metadata ?? {};
      await api.delete(kinds.replicaSet, target.namespace, setName, { uid, propagation: 'Orphan' });
    }
    return sets.length === 0 ? true : undefined;
  });
}

async function canarySets({ api, target, owner }: Adopting, adoption: AdoptionNote): Promise<V1ReplicaSet[]> {
  const labelSelector = selectorText({ matchLabels: { [labels.rolloutId]: owner.rolloutId } });
  const sets = await api.list(kinds.replicaSet, target.namespace, { labelSelector });
  return sets.filter(({ metadata }) => metadata?.name !== adoptingSetName(target, adoption));
}
