import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import type { Target } from '../../domain/plan/plan.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { isNotFound } from '../kubernetes-api/faults.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { findAdoptingSet, isClaimed } from './adopting-set.ts';
import type { AdoptionNote } from './before-note.ts';
import { hasEnded, hashLabel, isControlledBy, isEnding, isMarked } from './ownership.ts';
import { selectorText, type Labels } from './selectors.ts';

/**
 * The pods of an adoption that live: the canary's, and those that the adopting ReplicaSet started in the place of one
 * that ended, which have no marks.
 */
export async function adoptionPods(
  api: KubernetesApi,
  target: Target,
  owner: Owner,
  { hash }: AdoptionNote,
  set: V1ReplicaSet | null,
): Promise<V1Pod[]> {
  const labelSelector = selectorText({ matchLabels: { [hashLabel]: hash } });
  const pods = await api.list(kinds.pod, target.namespace, { labelSelector });
  return pods.filter(
    (pod) =>
      !isEnding(pod) &&
      !hasEnded(pod) &&
      (isMarked(pod, owner) || (set !== null && isControlledBy(pod, set))),
  );
}

/** Gives pods the labels by which stable, its Service and whatever else selects stable's pods finds them. */
export async function joinStable(
  api: KubernetesApi,
  pods: readonly V1Pod[],
  stable: V1Deployment,
  adoption: AdoptionNote,
): Promise<void> {
  const wanted = Object.entries(stable.spec?.template.metadata?.labels ?? {});
  const differing = wanted.filter(([key]) => adoption.labels[key] !== undefined);
  await relabel(api, pods, Object.fromEntries(differing));
}

/** Gives pods the canary's labels back, unless stable's Deployment has them: whoever selects stable's pods loses them. */
export async function partFromStable(
  api: KubernetesApi,
  target: Target,
  owner: Owner,
  adoption: AdoptionNote,
): Promise<void> {
  const [stable, set] = await Promise.all([
    api.find(kinds.deployment, target.namespace, target.workload.name),
    findAdoptingSet(api, target, adoption),
  ]);
  if (stable !== null && set !== null && isClaimed(set, stable)) return;
  await relabel(api, await adoptionPods(api, target, owner, adoption, set), adoption.labels);
}

/** Null removes a label. One after another: there are few, and each is a fraction of a second. */
export async function relabel(
  api: KubernetesApi,
  pods: readonly V1Pod[],
  labels: Readonly<Record<string, string | null>>,
): Promise<void> {
  for (const { metadata } of pods) {
    const found: Labels = metadata?.labels ?? {};
    if (Object.entries(labels).every(([key, value]) => (found[key] ?? null) === value)) continue;
    const body = { metadata: { uid: metadata?.uid, labels } };
    try {
      await api.patch(kinds.pod, metadata?.namespace ?? '', metadata?.name ?? '', body, { type: 'merge' });
    } catch (error) {
      // It has ended meanwhile.
      if (!isNotFound(error)) throw error;
    }
  }
}
