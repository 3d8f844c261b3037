import type { V1Pod } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { canaryServiceName, canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import { PortFault } from '../../ports/faults.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { findOwnService, noteOn } from './before-note.ts';
import { canaryArm } from './canary-labels.ts';
import { deleteOwn } from './delete-own.ts';
import { isMarked } from './ownership.ts';
import { removeRemains } from './remove-remains.ts';
import { selectorText } from './selectors.ts';
import { lookUntil, type Patience } from './wait.ts';

/**
 * Removes the canary and waits for the end of its pods. The Deployment first, because it is what costs, and what
 * somebody may still be served by; the Service last, so that as long as pods are there, something leads to them: a
 * gateway that has not heard yet that the route names it no more finds the pods, or an empty Service, never an unknown
 * one (which spoils the whole route: its ResolvedRefs condition turns false). The Service also carries the note that
 * tells what an update or an adoption has left; pods that have become stable's stay.
 */
export async function removeCanary(
  api: KubernetesApi,
  target: Target,
  owner: Owner,
  patience: Patience,
): Promise<void> {
  const { namespace } = target;
  await deleteOwn(api, kinds.deployment, namespace, canaryWorkloadName(target), owner, 'Foreground');
  const service = await findOwnService(api, target, owner);
  const note = service === null ? null : noteOn(service);
  await lookUntil(patience, async () => {
    const pods = await markedPods(api, target, owner);
    const here = await isHere(api, target, owner);
    const left = note === null ? pods.length > 0 : await removeRemains(api, target, owner, note, pods);
    return here || left ? undefined : true;
  });
  await deleteOwn(api, kinds.service, namespace, canaryServiceName(target), owner, 'Background');
}

function markedPods(api: KubernetesApi, target: Target, owner: Owner): Promise<V1Pod[]> {
  const matchLabels = { [labels.rolloutId]: owner.rolloutId, [labels.arm]: canaryArm };
  return api.list(kinds.pod, target.namespace, { labelSelector: selectorText({ matchLabels }) });
}

/** @throws PortFault ForeignChange when somebody made the canary's Deployment theirs: its pods would never go. */
async function isHere(api: KubernetesApi, target: Target, owner: Owner): Promise<boolean> {
  const deployment = await api.find(kinds.deployment, target.namespace, canaryWorkloadName(target));
  const here = isMarked(deployment, owner);
  const makesOurs = isMarked(deployment?.spec?.template ?? null, owner);
  if (!here && makesOurs)
    throw new PortFault(
      failureTypes.ForeignChange,
      `Deployment ${target.namespace}/${canaryWorkloadName(target)} runs the canary of rollout ${owner.rolloutId} and does not carry its label ${labels.rolloutId} any more: it is left; remove it, or give the label back`,
    );
  return here;
}
