import type { V1Deployment, V1ReplicaSet } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import { PortFault } from '../../ports/faults.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { adoptionPods, joinStable, partFromStable } from './adopted-pods.ts';
import { requireRelease, requireStillOpen, type Adopting, type AdoptingNote } from './adopting.ts';
import {
  adoptingSetName,
  findAdoptingSet,
  isClaimed,
  replicasOf,
  scaleNotes,
  setTemplate,
} from './adopting-set.ts';
import { hasEnded, isControlledBy, isEnding } from './ownership.ts';
import { selectorText } from './selectors.ts';
import { setsOf } from './stable-sets.ts';
import { templateDigest } from './template.ts';
import { lookUntil } from './wait.ts';

/**
 * The last step: stable's Deployment takes the adopting ReplicaSet for its own. Paused as it is, the Deployment finds in
 * it all the replicas that it wants, and scales its old ReplicaSets to 0. Then the pause ends.
 *
 * Just before, the pods get stable's labels, so that stable's Service has them before it loses the old ones. Between the
 * two it has both; that is as short as can be, and {@link partFromStable} ends it when the rollout is told to stop.
 * @returns false when something has changed since the ReplicaSet took the pods over: that step decides again.
 */
export async function claimSet(it: Adopting, note: AdoptingNote): Promise<boolean> {
  const { api, target, owner } = it;
  const { adoption } = note;
  const stable = await requireRelease(it, note);
  const set = await findAdoptingSet(api, target, adoption);
  if (set === null) return false;
  if (isClaimed(set, stable)) return true;
  if (!isReadyToClaim(set, stable)) return false;
  it.show(`Deployment ${target.workload.name} takes the pods`);
  await removeTwins(it, stable, set);
  const pods = await adoptionPods(api, target, owner, adoption, set);
  await joinStable(api, pods, stable, adoption);
  try {
    await requireRelease(it, note);
  } catch (error) {
    if (error instanceof PortFault && error.type !== failureTypes.Unavailable)
      await partFromStable(api, target, owner, adoption);
    throw error;
  }
  const { name = '', resourceVersion } = set.metadata ?? {};
  const labels = setTemplate(stable, adoption).metadata?.labels;
  const metadata = { resourceVersion, labels, annotations: scaleNotes(stable) };
  await api.patch(kinds.replicaSet, target.namespace, name, { metadata }, { type: 'merge' });
  return true;
}

/**
 * The controller of Deployments works on copies of its own: it must have seen that stable is paused and has the release.
 * With an older copy it would take the ReplicaSet for one to be scaled down.
 */
function isReadyToClaim(set: V1ReplicaSet, stable: V1Deployment): boolean {
  requirePaused(stable);
  const { metadata, status } = stable;
  const wanted = replicasOf(stable);
  return (
    status?.observedGeneration === metadata?.generation &&
    replicasOf(set) === wanted &&
    set.status?.availableReplicas === wanted
  );
}

/** @throws PortFault ForeignChange: its Deployment would start pods of its own. */
export function requirePaused({ metadata, spec }: V1Deployment): void {
  if (spec?.paused === true) return;
  throw new PortFault(
    failureTypes.ForeignChange,
    `Deployment ${metadata?.namespace ?? ''}/${metadata?.name ?? ''}: somebody ended its pause while it was given the canary's pods`,
  );
}

/**
 * An older ReplicaSet of the same template, without pods, is there when this release was rolled out before. The
 * Deployment would take it for its newest one, for it is the oldest, and start pods.
 */
async function removeTwins(
  { api, target, owner }: Adopting,
  stable: V1Deployment,
  adopting: V1ReplicaSet,
): Promise<void> {
  const release = templateDigest(stable.spec?.template);
  for (const set of await setsOf(api, stable)) {
    const { name = '', uid = '' } = set.metadata ?? {};
    // Another attempt may have let the Deployment take it just now.
    if (uid === adopting.metadata?.uid) continue;
    if (templateDigest(set.spec?.template) !== release || isEnding(set)) continue;
    if (replicasOf(set) > 0 || (set.status?.replicas ?? 0) > 0)
      throw new PortFault(
        failureTypes.ForeignChange,
        `ReplicaSet ${target.namespace}/${name} of stable runs the release already: rollout ${owner.rolloutId} did not start it`,
      );
    await api.delete(kinds.replicaSet, target.namespace, name, { uid });
  }
}

/** Waits until the Deployment has the ReplicaSet, then ends the pause. */
export async function endPause(it: Adopting, note: AdoptingNote): Promise<void> {
  const { api, target } = it;
  await lookUntil(it, async () => {
    const [stable, set] = await Promise.all([
      requireRelease(it, note),
      findAdoptingSet(api, target, note.adoption),
    ]);
    if (set === null || !isControlledBy(set, stable)) return undefined;
    if (note.paused || stable.spec?.paused !== true) return true;
    const { resourceVersion } = stable.metadata ?? {};
    const body = { metadata: { resourceVersion }, spec: { paused: null } };
    await api.patch(kinds.deployment, target.namespace, target.workload.name, body, { type: 'merge' });
    return true;
  });
}

/** Waits until the adopted pods are stable's only ones: old ones answer to the end what they had begun. */
export async function untilAlone(it: Adopting, note: AdoptingNote): Promise<void> {
  const { api, target } = it;
  await lookUntil(it, async () => {
    const stable = await requireStillOpen(it);
    const sets = await setsOf(api, stable);
    const name = adoptingSetName(target, note.adoption);
    const old = sets.filter(({ metadata }) => metadata?.name !== name);
    const labelSelector = selectorText(stable.spec?.selector ?? {});
    const pods = await api.list(kinds.pod, target.namespace, { labelSelector });
    const left = pods.filter((pod) => !hasEnded(pod) && old.some((set) => isControlledBy(pod, set)));
    it.show(`${left.length} old pods of Deployment ${target.workload.name} are left`);
    return left.length === 0 && isWhole(stable) ? true : undefined;
  });
}

function isWhole(stable: V1Deployment): boolean {
  const { observedGeneration, replicas, updatedReplicas, availableReplicas } = stable.status ?? {};
  const wanted = replicasOf(stable);
  return (
    observedGeneration === stable.metadata?.generation &&
    [replicas, updatedReplicas, availableReplicas].every((count) => count === wanted)
  );
}
