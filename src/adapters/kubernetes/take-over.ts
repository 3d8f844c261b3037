import type { V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import { PortFault } from '../../ports/faults.ts';
import { isAlreadyExists } from '../kubernetes-api/faults.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { adoptionPods } from './adopted-pods.ts';
import { requireRelease, requireStillOpen, type Adopting, type AdoptingNote } from './adopting.ts';
import {
  adoptingSet,
  findAdoptingSet,
  isClaimed,
  isGated,
  replicasOf,
  scaleNotes,
  setTemplate,
} from './adopting-set.ts';
import { controllerOf, isEnding, isMarked } from './ownership.ts';
import { lookUntil } from './wait.ts';

/**
 * Brings the free pods under the adopting ReplicaSet, as many as stable has, and waits until all of them count as
 * available. Does nothing once stable's Deployment has the ReplicaSet.
 */
export async function takeOver(it: Adopting, note: AdoptingNote): Promise<void> {
  const { api, target, owner } = it;
  const { adoption } = note;
  await lookUntil(it, async () => {
    const stable = await requireRelease(it, note);
    const found = await findAdoptingSet(api, target, adoption);
    const set = found ?? (await makeSet(it, note));
    if (set === null) return undefined;
    requireMade(it, set);
    if (isClaimed(set, stable)) return true;
    const wanted = replicasOf(stable);
    if (replicasOf(set) !== wanted) {
      // Somebody scaled stable meanwhile, most likely its autoscaler.
      const { resourceVersion } = set.metadata ?? {};
      const metadata = { resourceVersion, annotations: scaleNotes(stable) };
      await patchSet(it, set, { metadata, spec: { replicas: wanted } }, 'merge');
      return undefined;
    }
    const pods = await adoptionPods(api, target, owner, adoption, set);
    const ready = set.status?.availableReplicas ?? 0;
    it.show(`${ready} of ${wanted} pods under ReplicaSet ${set.metadata?.name ?? ''}`);
    if (!isSettled(set, pods)) return undefined;
    if (isGated(set.spec?.template?.spec)) {
      const template = { ...setTemplate(stable, adoption), $patch: 'replace' };
      const { resourceVersion } = set.metadata ?? {};
      await patchSet(it, set, { metadata: { resourceVersion }, spec: { template } }, 'strategic');
      return undefined;
    }
    await replaceGated(it, pods);
    return ready === wanted ? true : undefined;
  });
}

/** Its controller has all the pods, and no pod too many. */
function isSettled(set: V1ReplicaSet, pods: readonly V1Pod[]): boolean {
  const { observedGeneration, replicas } = set.status ?? {};
  return (
    observedGeneration === set.metadata?.generation &&
    replicas === replicasOf(set) &&
    pods.length === replicasOf(set) &&
    pods.every((pod) => controllerOf(pod) === set.metadata?.uid)
  );
}

/**
 * Makes the ReplicaSet; one that comes too late, after the rollout was told to stop, is taken away again: it would
 * start pods.
 * @returns null when another attempt has made it.
 */
async function makeSet(it: Adopting, note: AdoptingNote): Promise<V1ReplicaSet | null> {
  const { api, target } = it;
  const stable = await requireRelease(it, note);
  await requirePods(it, note);
  try {
    const wanted = adoptingSet({ ...it, adoption: note.adoption, stable });
    const made = await api.create(kinds.replicaSet, target.namespace, wanted);
    await takeBackWhenLate(it, made);
    return made;
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return null;
  }
}

/** @throws PortFault ForeignChange when the canary's pods are gone: others would have to be started, and none serves. */
async function requirePods({ api, target, owner }: Adopting, { adoption }: AdoptingNote): Promise<void> {
  const pods = await adoptionPods(api, target, owner, adoption, null);
  if (pods.length > 0) return;
  throw new PortFault(
    failureTypes.ForeignChange,
    `the pods of the canary of rollout ${owner.rolloutId} in ${target.namespace} are gone: somebody removed them`,
  );
}

async function takeBackWhenLate(it: Adopting, { metadata }: V1ReplicaSet): Promise<void> {
  try {
    await requireStillOpen(it);
  } catch (error) {
    const { name = '', uid = '' } = metadata ?? {};
    if (error instanceof PortFault && error.type !== failureTypes.Unavailable)
      await it.api.delete(kinds.replicaSet, it.target.namespace, name, { uid });
    throw error;
  }
}

/** @throws PortFault Refused when it is not this rollout's, ForeignChange when somebody deletes it. */
function requireMade({ target, owner }: Adopting, set: V1ReplicaSet): void {
  const name = `ReplicaSet ${target.namespace}/${set.metadata?.name ?? ''}`;
  if (!isMarked(set, owner))
    throw new PortFault(
      failureTypes.Refused,
      `${name} exists, and rollout ${owner.rolloutId} did not make it: remove it, for the canary's pods need one of this name`,
    );
  if (isEnding(set))
    throw new PortFault(failureTypes.ForeignChange, `${name} of this rollout is being removed`);
}

/** Pods that were started, gated, in the place of some that ended: the ReplicaSet makes them anew without a gate. */
async function replaceGated({ api }: Adopting, pods: readonly V1Pod[]): Promise<void> {
  for (const { metadata } of pods.filter(({ spec }) => isGated(spec))) {
    const { namespace = '', name = '', uid = '' } = metadata ?? {};
    await api.delete(kinds.pod, namespace, name, { uid });
  }
}

async function patchSet(
  { api, target }: Adopting,
  { metadata }: V1ReplicaSet,
  body: object,
  type: 'merge' | 'strategic',
): Promise<void> {
  await api.patch(kinds.replicaSet, target.namespace, metadata?.name ?? '', body, { type });
}
