import type { V1Deployment } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import type { Release, Target } from '../../domain/plan/plan.ts';
import { canaryServiceName, canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import { PortFault } from '../../ports/faults.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { noteAbout, notedMetadata, readOwnService } from './before-note.ts';
import { decideAgainOnConflict } from './conflicts.ts';
import { requireOpen } from './gate.ts';
import { isMarked } from './ownership.ts';
import { patchedStable, runsTheSame, sameTemplate, strictly, templatePatch } from './template.ts';

/**
 * Gives stable the release's template, and notes before what it had. What is promoted must be what the canary has
 * proven: when stable or the canary was changed by somebody else meanwhile, so that stable with the patch is not what
 * the canary runs, nothing is written. A second attempt notes nothing when stable has the release already: it would
 * note the release.
 * @throws PortFault ForeignChange, StaleWrite, TargetTaken.
 */
export async function updateStable(
  api: KubernetesApi,
  target: Target,
  release: Release,
  owner: Owner,
): Promise<void> {
  const { namespace } = target;
  await decideAgainOnConflict(async () => {
    const stable = await api.read(kinds.deployment, namespace, target.workload.name);
    requireOpen(stable, owner);
    const patched = await patchedStable(api, target, release, stable.metadata?.resourceVersion);
    const same = sameTemplate(stable, patched);
    if (same && stable.metadata?.annotations?.[labels.version] === release.version) return;
    await requireProven(api, target, patched, owner);
    if (!same) {
      const service = await readOwnService(api, target, owner);
      const body = { metadata: notedMetadata(service, noteAbout(stable, patched, null)) };
      await api.patch(kinds.service, namespace, canaryServiceName(target), body, { type: 'merge' });
    }
    await giveRelease(api, target, release, stable, {});
  });
}

/**
 * Writes the release into stable: its template, and its version as an annotation of the Deployment, not as a label of
 * the template: for a GitOps tool that is one difference less, and `kubectl rollout undo` takes it back together with
 * the template. A conflict when stable has changed since it was read.
 * @param spec what else of the Deployment's spec is to change in the same write.
 */
export async function giveRelease(
  api: KubernetesApi,
  target: Target,
  release: Release,
  stable: V1Deployment,
  spec: { readonly paused?: true },
): Promise<V1Deployment> {
  const { resourceVersion } = stable.metadata ?? {};
  const body = {
    metadata: { resourceVersion, annotations: { [labels.version]: release.version } },
    spec: { ...templatePatch(release).spec, ...spec },
  };
  return api.patch(kinds.deployment, target.namespace, target.workload.name, body, strictly);
}

/** @throws PortFault ForeignChange unless the canary runs what stable with the release's patch would run. */
export async function requireProven(
  api: KubernetesApi,
  target: Target,
  patched: V1Deployment,
  owner: Owner,
): Promise<V1Deployment> {
  const name = canaryWorkloadName(target);
  const canary = await api.find(kinds.deployment, target.namespace, name);
  const own = canary !== null && isMarked(canary, owner);
  if (own && runsTheSame(canary, patched)) return canary;
  const what = own
    ? `stable (${target.workload.name}) with the release's patch is not what the canary (${name}) runs: somebody changed one of them`
    : `the canary (${name}) is gone or another rollout's`;
  throw new PortFault(
    failureTypes.ForeignChange,
    `Deployment ${target.namespace}/${target.workload.name} is not updated: ${what}`,
  );
}
