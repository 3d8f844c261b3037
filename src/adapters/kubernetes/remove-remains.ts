import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import type { Target } from '../../domain/plan/plan.ts';
import { labels } from '../../domain/rollout/naming.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { isClaimed, replicasOf } from './adopting-set.ts';
import type { BeforeNote } from './before-note.ts';
import { controllerOf, isControlledBy, isEnding } from './ownership.ts';
import { selectorText } from './selectors.ts';
import { setsOf } from './stable-sets.ts';
import { templateDigest } from './template.ts';

/** On a ReplicaSet that a Deployment has come back to: it is of an earlier revision. */
const earlierRevisions = 'deployment.kubernetes.io/revision-history';

/**
 * Removes what an adoption or an update has left beside the canary's Deployment: pods and ReplicaSets that belong to
 * nobody, and after an undoing the ReplicaSet of the release, once stable's Deployment has scaled it to 0:
 * `kubectl rollout undo` would go to it. Pods end as pods do, with their grace period.
 * @param pods with the rollout's marks.
 * @returns whether something is still there.
 */
export async function removeRemains(
  api: KubernetesApi,
  target: Target,
  owner: Owner,
  note: BeforeNote | 'unreadable',
  pods: readonly V1Pod[],
): Promise<boolean> {
  const { namespace, workload } = target;
  const labelSelector = selectorText({ matchLabels: { [labels.rolloutId]: owner.rolloutId } });
  const [stable, sets] = await Promise.all([
    api.find(kinds.deployment, namespace, workload.name),
    api.list(kinds.replicaSet, namespace, { labelSelector }),
  ]);
  const undone = undoneBy(stable, note);
  // What stable's Deployment has it also keeps, or scales down when it has got another template.
  const claimed = sets.filter((set) => stable !== null && isClaimed(set, stable));
  const loose = sets.filter((set) => !claimed.includes(set));
  const stays = (pod: V1Pod) => undone === null && claimed.some((set) => isControlledBy(pod, set));
  const goingPods = pods.filter((pod) => !stays(pod));
  for (const set of loose.filter(isFree)) await deleteSet(api, set);
  for (const pod of goingPods.filter(isFree)) {
    const { name = '', uid = '' } = pod.metadata ?? {};
    await api.delete(kinds.pod, namespace, name, { uid });
  }
  const superseded = undone === null ? 0 : await removeRelease(api, undone.stable, undone.note);
  return goingPods.length + loose.length + superseded > 0;
}

/** Both, when stable has its template from before. */
function undoneBy(
  stable: V1Deployment | null,
  note: BeforeNote | 'unreadable',
): { stable: V1Deployment; note: BeforeNote } | null {
  if (stable === null || note === 'unreadable') return null;
  const same = templateDigest(stable.spec?.template) === templateDigest(note.template);
  return same ? { stable, note } : null;
}

/** Without a controller, nobody else ends it. */
function isFree(object: V1Pod | V1ReplicaSet): boolean {
  return controllerOf(object) === undefined && !isEnding(object);
}

/** @returns how many ReplicaSets of the release stable still has. */
async function removeRelease(api: KubernetesApi, stable: V1Deployment, note: BeforeNote): Promise<number> {
  const all = await setsOf(api, stable);
  const release = all.filter(
    ({ metadata, spec }) =>
      templateDigest(spec?.template) === note.release &&
      metadata?.annotations?.[earlierRevisions] === undefined,
  );
  const idle = release.filter((set) => replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0);
  for (const set of idle.filter((it) => !isEnding(it))) await deleteSet(api, set);
  return release.length;
}

/** In the foreground: it is there until its pods are gone. */
async function deleteSet(api: KubernetesApi, { metadata }: V1ReplicaSet): Promise<void> {
  const { namespace = '', name = '', uid = '' } = metadata ?? {};
  await api.delete(kinds.replicaSet, namespace, name, { uid, propagation: 'Foreground' });
}
