import { failureTypes } from '../../domain/failures.ts';
import { labels } from '../../domain/rollout/naming.ts';
import { PortFault } from '../../ports/faults.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import type { ApiObject, Kind } from '../kubernetes-api/kinds.ts';
import { decideAgainOnConflict } from './conflicts.ts';
import type { Owned } from './ownership.ts';

/**
 * Makes an object, or adopts what this rollout has under its name already.
 * @throws PortFault Refused (somebody else's has the name), ForeignChange (this rollout's own is being removed),
 * Unavailable.
 */
export async function ensureOwn<T extends ApiObject & Owned>(
  api: KubernetesApi,
  kind: Kind<T>,
  namespace: string,
  wanted: T,
  owner: Owner,
): Promise<void> {
  await decideAgainOnConflict(async () => {
    if (!(await isOwn(api, kind, namespace, wanted.metadata?.name ?? '', owner)))
      await api.create(kind, namespace, wanted);
  });
}

/** False when there is no such object. @throws PortFault when there is one that is not this rollout's. */
export async function isOwn<T extends ApiObject & Owned>(
  api: KubernetesApi,
  kind: Kind<T>,
  namespace: string,
  name: string,
  owner: Owner,
): Promise<boolean> {
  const found = await api.find(kind, namespace, name);
  if (found === null) return false;
  requireOwn(`${kind.kind} ${namespace}/${name}`, found, owner);
  return true;
}

/** @throws PortFault unless the object is this rollout's and stays. */
export function requireOwn(name: string, found: Owned, owner: Owner): void {
  const { labels: on = {}, deletionTimestamp } = found.metadata ?? {};
  const id = on[labels.rolloutId];
  const going = deletionTimestamp !== undefined;
  if (id === owner.rolloutId && !going) return;
  if (id === owner.rolloutId)
    throw new PortFault(failureTypes.ForeignChange, `${name} of this rollout is being removed`);
  if (going) throw new PortFault(failureTypes.Unavailable, `${name} of somebody else is still being removed`);
  const whose = id === undefined ? 'no rollout made it' : `rollout ${id} made it`;
  throw new PortFault(
    failureTypes.Refused,
    `${name} exists, and ${whose}: it must be removed before rollout ${owner.rolloutId} can make its own`,
  );
}
