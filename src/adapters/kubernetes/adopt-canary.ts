import type { V1Deployment, V1ReplicaSet } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import { canaryServiceName, canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import { PortFault } from '../../ports/faults.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { changedTemplate, requireStillOpen, type Adopting, type AdoptingNote } from './adopting.ts';
import { findAdoptingSet, isClaimed, replicasOf } from './adopting-set.ts';
import { noteAbout, notedMetadata, noteOn, readOwnService } from './before-note.ts';
import { canaryArm } from './canary-labels.ts';
import { claimSet, endPause, requirePaused, untilAlone } from './claim-set.ts';
import { decideAgainOnConflict } from './conflicts.ts';
import { freePods } from './free-pods.ts';
import { hashLabel, isControlledBy } from './ownership.ts';
import { readArm, settledArm } from './readiness.ts';
import { selectorText, type Labels } from './selectors.ts';
import { takeOver } from './take-over.ts';
import { patchedStable, sameTemplate, templateDigest } from './template.ts';
import { giveRelease, requireProven, updateStable } from './update-stable.ts';
import { lookUntil } from './wait.ts';

/**
 * Makes the canary's running pods stable's, without starting any: stable's Deployment gets the release, paused, so that
 * it starts none; the canary's Deployment and ReplicaSet are removed from around the pods; a ReplicaSet of stable's
 * template takes them over; stable's Deployment takes that one for its own, and lets its old pods go.
 *
 * All the time the canary's Service leads to the same pods, by the rollout's marks, which they keep. Each step is decided
 * from what is found, so that it can be run again after dying anywhere. Until the Deployment takes the ReplicaSet
 * (claim-set.ts) none of stable's old pods is touched, and `undoStable` leads back.
 *
 * When stable has the release already, by somebody else's hand, there is nothing to adopt: it is waited for.
 * @throws PortFault ForeignChange, StaleWrite, TargetTaken, Refused, CanaryNotReady (not as many replicas as stable),
 *   Unavailable; what `signal` was aborted with.
 */
export async function adoptCanary(it: Adopting): Promise<void> {
  const note = await decideAgainOnConflict(() => prepare(it));
  if (note === null) {
    await updateStable(it.api, it.target, it.release, it.owner);
    await lookUntil(it, async () => {
      const settled = settledArm(await requireStillOpen(it));
      it.show(
        `Deployment ${it.target.workload.name} has the release already: ${settled?.summary ?? 'rolling'}`,
      );
      return settled ?? undefined;
    });
    return;
  }
  await decideAgainOnConflict(() => pauseWithRelease(it, note));
  await freePods(it, note.adoption);
  await lookUntil(it, () =>
    decideAgainOnConflict(async () => {
      await takeOver(it, note);
      return (await claimSet(it, note)) ? true : undefined;
    }),
  );
  await decideAgainOnConflict(() => endPause(it, note));
  await untilAlone(it, note);
}

/**
 * Lets the canary's Service select its pods by the rollout's marks, and notes what the way back and later steps need,
 * in one write. The pods are the same.
 * @returns null when stable has the release already.
 */
async function prepare(it: Adopting): Promise<AdoptingNote | null> {
  const { api, target, release, owner } = it;
  const service = await readOwnService(api, target, owner);
  const found = noteOn(service);
  if (found !== null && found !== 'unreadable' && found.adoption !== null)
    return { ...found, adoption: found.adoption };
  const stable = await requireStillOpen(it);
  const patched = await patchedStable(api, target, release, stable.metadata?.resourceVersion);
  if (sameTemplate(stable, patched)) return null;
  const canary = await requireProven(api, target, patched, owner);
  requireAsMany(target.workload.name, stable, canary);
  await lookUntil(it, async () => {
    const arm = await readArm(
      api,
      await api.read(kinds.deployment, target.namespace, canaryWorkloadName(target)),
    );
    it.show(`the canary: ${arm.summary}`);
    return arm.ready >= arm.desired ? true : undefined;
  });
  const adoption = { hash: await hashOf(it, canary), labels: differingLabels(canary, patched) };
  const note = { ...noteAbout(stable, patched, adoption), adoption };
  const marks = { [labels.arm]: canaryArm, [labels.rolloutId]: owner.rolloutId };
  const dropped = Object.keys(service.spec?.selector ?? {}).map((key) => [key, null] as const);
  const body = {
    metadata: notedMetadata(service, note),
    spec: { selector: { ...Object.fromEntries(dropped), ...marks } },
  };
  await api.patch(kinds.service, target.namespace, canaryServiceName(target), body, { type: 'merge' });
  return note;
}

function requireAsMany(name: string, stable: V1Deployment, canary: V1Deployment): void {
  const [wanted, found] = [replicasOf(stable), replicasOf(canary)];
  if (wanted === found) return;
  throw new PortFault(
    failureTypes.CanaryNotReady,
    `the canary must have as many replicas as stable (${name}) to be adopted: it has ${found}, stable has ${wanted}`,
  );
}

/** The hash of the ReplicaSet that runs the canary. */
async function hashOf({ api, target }: Adopting, canary: V1Deployment): Promise<string> {
  const labelSelector = selectorText(canary.spec?.selector ?? {});
  const sets = await api.list(kinds.replicaSet, target.namespace, { labelSelector });
  const runs = (set: V1ReplicaSet) =>
    isControlledBy(set, canary) &&
    templateDigest(set.spec?.template) === templateDigest(canary.spec?.template);
  const hash = sets.find(runs)?.metadata?.labels?.[hashLabel];
  if (hash !== undefined) return hash;
  throw new PortFault(
    failureTypes.Unavailable,
    `Deployment ${target.namespace}/${canaryWorkloadName(target)} has no ReplicaSet of its template yet`,
  );
}

function differingLabels(canary: V1Deployment, patched: V1Deployment): Labels {
  const stable = patched.spec?.template.metadata?.labels ?? {};
  const all = Object.entries(canary.spec?.template.metadata?.labels ?? {});
  return Object.fromEntries(all.filter(([key, value]) => stable[key] !== value));
}

/** From here on the Deployment makes no ReplicaSet, and so no pods, of the release; its old pods run on. */
async function pauseWithRelease(it: Adopting, note: AdoptingNote): Promise<void> {
  const { api, target, release, owner } = it;
  const stable = await requireStillOpen(it);
  if (templateDigest(stable.spec?.template) === note.release) {
    const set = await findAdoptingSet(api, target, note.adoption);
    if (set === null || !isClaimed(set, stable)) requirePaused(stable);
    return;
  }
  const patched = await patchedStable(api, target, release, stable.metadata?.resourceVersion);
  if (templateDigest(patched.spec?.template) !== note.release) throw changedTemplate(it);
  await requireProven(api, target, patched, owner);
  it.show(`Deployment ${target.workload.name} gets the release, paused`);
  await giveRelease(api, target, release, stable, { paused: true });
}
