import type { V1Deployment } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import type { Release, Target } from '../../domain/plan/plan.ts';
import { canaryServiceName, canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import { PortFault } from '../../ports/faults.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { canaryDeployment, canaryService } from './canary-objects.ts';
import { decideAgainOnConflict } from './conflicts.ts';
import { deleteOwn } from './delete-own.ts';
import { ensureOwn, isOwn } from './ensure-own.ts';
import { requireOpen } from './gate.ts';
import { patchedStable } from './template.ts';

/**
 * Makes the canary's Service, then its Deployment: what costs nothing first; a canary that is whole is left as it is.
 * Looks at the gate before and after: an attempt that was delayed past the end of its rollout takes away again what it
 * made.
 */
export async function createCanary(
  api: KubernetesApi,
  target: Target,
  release: Release,
  replicas: number,
  owner: Owner,
): Promise<void> {
  const { namespace, workload } = target;
  if (await isMade(api, target, owner)) {
    requireOpen(await api.read(kinds.deployment, namespace, workload.name), owner);
    return;
  }
  const { stable, patched } = await decideAgainOnConflict(() => readPatched(api, target, release));
  requireOpen(stable, owner);
  const service = await api.read(kinds.service, namespace, target.service.name);
  const source = { target, release, owner, stable, patched, service };
  try {
    await ensureOwn(api, kinds.service, namespace, canaryService(source), owner);
    await ensureOwn(api, kinds.deployment, namespace, canaryDeployment(source, replicas), owner);
  } finally {
    // Also after a request that was given up: the API server may have got it all the same.
    await requireStillOpen(api, target, owner);
  }
}

/** @throws PortFault as `requireOpen` does, and then the canary is removed. */
async function requireStillOpen(api: KubernetesApi, target: Target, owner: Owner): Promise<void> {
  try {
    requireOpen(await api.read(kinds.deployment, target.namespace, target.workload.name), owner);
  } catch (error) {
    if (error instanceof PortFault && error.type !== failureTypes.Unavailable)
      await deleteCanary(api, target, owner);
    throw error;
  }
}

async function isMade(api: KubernetesApi, target: Target, owner: Owner): Promise<boolean> {
  const found = await Promise.all([
    isOwn(api, kinds.service, target.namespace, canaryServiceName(target), owner),
    isOwn(api, kinds.deployment, target.namespace, canaryWorkloadName(target), owner),
  ]);
  return found.every(Boolean);
}

async function readPatched(api: KubernetesApi, target: Target, release: Release) {
  const stable = await api.read(kinds.deployment, target.namespace, target.workload.name);
  const patched = await patchedStable(api, target, release, stable.metadata?.resourceVersion);
  return { stable, patched };
}

/**
 * Asks the canary for another number of replicas. When another write gets in between that changed the number, this one
 * may be the late one: it fails instead of deciding again.
 */
export async function scaleCanary(
  api: KubernetesApi,
  target: Target,
  replicas: number,
  owner: Owner,
): Promise<void> {
  const { namespace } = target;
  const name = canaryWorkloadName(target);
  let seen: number | undefined;
  await decideAgainOnConflict(async () => {
    const found = await api.find(kinds.deployment, namespace, name);
    requireCanary(`Deployment ${namespace}/${name}`, found, owner);
    const now = found.spec?.replicas ?? 1;
    if (now === replicas) return;
    if (seen !== undefined && now !== seen)
      throw new PortFault(
        failureTypes.Unavailable,
        `Deployment ${namespace}/${name} was scaled from ${seen} to ${now} by another attempt or by somebody else`,
      );
    seen = now;
    const { resourceVersion } = found.metadata ?? {};
    const body = { metadata: { resourceVersion }, spec: { replicas } };
    await api.patch(kinds.deployment, namespace, name, body, { type: 'merge' });
  });
}

function requireCanary(
  name: string,
  found: V1Deployment | null,
  owner: Owner,
): asserts found is V1Deployment {
  const id = found?.metadata?.labels?.[labels.rolloutId];
  if (id === owner.rolloutId && found?.metadata?.deletionTimestamp === undefined) return;
  const why =
    found === null
      ? 'is gone'
      : id === owner.rolloutId
        ? 'is being removed'
        : 'is not of this rollout any more';
  throw new PortFault(failureTypes.ForeignChange, `${name}, the canary of ${owner.rolloutId}, ${why}`);
}

/** Removes the canary's objects without waiting for pods. */
async function deleteCanary(api: KubernetesApi, target: Target, owner: Owner): Promise<void> {
  await deleteOwn(api, kinds.deployment, target.namespace, canaryWorkloadName(target), owner, 'Foreground');
  await deleteOwn(api, kinds.service, target.namespace, canaryServiceName(target), owner, 'Background');
}
