import type { V1Deployment, V1PodTemplateSpec, V1ReplicaSet } from '@kubernetes/client-node';
import type { Release, Target } from '../../domain/plan/plan.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import type { AdoptionNote } from './before-note.ts';
import { marksOf } from './canary-labels.ts';
import { hashLabel, isControlledBy } from './ownership.ts';
import { matches } from './selectors.ts';

/**
 * The ReplicaSet through which the canary's running pods become stable's.
 *
 * It selects by the pods' hash alone, which they keep: their other labels can then be changed to stable's and back
 * without its letting go of them and starting others. Stable's Deployment does not care how its ReplicaSets select.
 *
 * Its controller may see it before it sees that the pods are free, and would start pods in their place. So it begins with
 * a gate: pods of it are never scheduled, and are the first to go when the others turn up. The gate goes once it has the
 * pods (take-over.ts).
 */
export function adoptingSet(source: {
  readonly target: Target;
  readonly release: Release;
  readonly owner: Owner;
  readonly adoption: AdoptionNote;
  /** With the release's template. */
  readonly stable: V1Deployment;
}): V1ReplicaSet {
  const { target, release, owner, adoption, stable } = source;
  const { hash } = adoption;
  const { minReadySeconds } = stable.spec ?? {};
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: adoptingSetName(target, adoption),
      namespace: target.namespace,
      // Not stable's: the Deployment takes a ReplicaSet for its own by these.
      labels: { ...marksOf(owner, release) },
      annotations: scaleNotes(stable),
    },
    spec: {
      replicas: replicasOf(stable),
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { matchLabels: { [hashLabel]: hash } },
      template: gated(setTemplate(stable, adoption)),
    },
  };
}

/** As the Deployment controller names its own: the pods that it may have to make later are told from the canary's. */
export function adoptingSetName({ workload }: Target, { hash }: AdoptionNote): string {
  return `${workload.name}-${hash}`;
}

/** Null when it is not there. */
export function findAdoptingSet(
  api: KubernetesApi,
  target: Target,
  adoption: AdoptionNote,
): Promise<V1ReplicaSet | null> {
  return api.find(kinds.replicaSet, target.namespace, adoptingSetName(target, adoption));
}

/** Whether the Deployment has taken the ReplicaSet for its own, or may do so at any moment. */
export function isClaimed(set: V1ReplicaSet, stable: V1Deployment): boolean {
  const { selector } = stable.spec ?? {};
  const selected = selector !== undefined && matches(selector, set.metadata?.labels ?? {});
  return selected || isControlledBy(set, stable);
}

/** Stable's template as its ReplicaSets have it: with their hash. */
export function setTemplate(stable: V1Deployment, { hash }: AdoptionNote): V1PodTemplateSpec {
  const { metadata, ...rest } = stable.spec?.template ?? {};
  return { ...rest, metadata: { ...metadata, labels: { ...metadata?.labels, [hashLabel]: hash } } };
}

const gate = { name: 'sluice.dev/adopting' };

/** A template whose pods are never scheduled. A pod that names its node would not be allowed to have a gate. */
export function gated(template: V1PodTemplateSpec): V1PodTemplateSpec {
  const { spec } = template;
  if (spec === undefined) throw new Error('the pod template has no spec');
  const copy = { ...spec, schedulingGates: [...(spec.schedulingGates ?? []), gate] };
  delete copy.nodeName;
  return { ...template, spec: copy };
}

/** Of a ReplicaSet, or of a pod that one with {@link gated} made. */
export function isGated(spec: { schedulingGates?: { name: string }[] } | undefined): boolean {
  return spec?.schedulingGates?.some(({ name }) => name === gate.name) ?? false;
}

export function replicasOf({ spec }: V1Deployment | V1ReplicaSet): number {
  return spec?.replicas ?? 1;
}

/**
 * The annotations by which the Deployment controller knows whether a ReplicaSet has all the replicas that it is to have.
 * One without them counts as unfinished: the controller would scale the old ones and this one in proportion, this one
 * down too.
 */
export function scaleNotes(stable: V1Deployment): Record<string, string> {
  const replicas = replicasOf(stable);
  return {
    'deployment.kubernetes.io/desired-replicas': String(replicas),
    'deployment.kubernetes.io/max-replicas': String(replicas + maxSurge(stable)),
  };
}

/** As the Deployment controller counts it: a share is rounded up; a quarter when nothing is said. */
function maxSurge(stable: V1Deployment): number {
  const { type, rollingUpdate } = stable.spec?.strategy ?? {};
  if (type === 'Recreate') return 0;
  const surge: unknown = rollingUpdate?.maxSurge ?? '25%';
  if (typeof surge === 'number') return surge;
  return Math.ceil((replicasOf(stable) * Number.parseInt(String(surge), 10)) / 100);
}
