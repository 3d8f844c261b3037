import type { V1ObjectMeta, V1Pod } from '@kubernetes/client-node';
import { labels } from '../../domain/rollout/naming.ts';
import type { Owner } from '../../ports/workload.ts';

/** Something with metadata. */
export interface Owned {
  metadata?: V1ObjectMeta;
}

/** The label by which a ReplicaSet tells its pods from those of its Deployment's other ones. */
export const hashLabel = 'pod-template-hash';

/** Whether an object carries this rollout's mark. */
export function isMarked(object: Owned | null, owner: Owner): boolean {
  return object?.metadata?.labels?.[labels.rolloutId] === owner.rolloutId;
}

/** Somebody asked for its end. */
export function isEnding({ metadata }: Owned): boolean {
  return metadata?.deletionTimestamp !== undefined;
}

/** A pod that will never run again; it may stay, for people to look at. */
export function hasEnded({ status }: V1Pod): boolean {
  return ['Succeeded', 'Failed'].includes(status?.phase ?? '');
}

/** The uid of the object's controller; undefined when it has none. */
export function controllerOf({ metadata }: Owned): string | undefined {
  return metadata?.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}

export function isControlledBy(child: Owned, controller: Owned): boolean {
  const uid = controller.metadata?.uid;
  return uid !== undefined && controllerOf(child) === uid;
}
