import type { V1Deployment, V1PodTemplateSpec, V1Service } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { annotations, canaryServiceName, labels } from '../../domain/rollout/naming.ts';
import { PortFault } from '../../ports/faults.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { isEnding, isMarked } from './ownership.ts';
import type { Labels } from './selectors.ts';
import { templateDigest } from './template.ts';

/**
 * What stable was before the release came into it. On the canary's Service, as annotation `sluice.dev/before`: the
 * Service is there from before the first change of stable until after its undoing. Not on stable's Deployment: Kubernetes
 * copies a Deployment's annotations to its ReplicaSets and never takes them from there again, `kubectl rollout undo`
 * brings them back, and every change of one is a new generation.
 *
 * It is written before stable is changed, so it is an intention: whether stable has the release is told by comparing.
 */
export interface BeforeNote {
  readonly template: V1PodTemplateSpec;
  /** Annotation `sluice.dev/version`; null when there was none. */
  readonly version: string | null;
  readonly paused: boolean;
  /** {@link templateDigest} of stable with the release. */
  readonly release: string;
  /** Null with finish `update`. */
  readonly adoption: AdoptionNote | null;
}

/** What is needed of the canary's Deployment when it is gone and its pods are becoming stable's. */
export interface AdoptionNote {
  /** `pod-template-hash` of the canary's pods; they keep it. */
  readonly hash: string;
  /** Labels of the canary's pods that stable's pods do not have, or have with another value. */
  readonly labels: Labels;
}

/** What to note about stable before it becomes `patched`. */
export function noteAbout(
  stable: V1Deployment,
  patched: V1Deployment,
  adoption: AdoptionNote | null,
): BeforeNote {
  if (stable.spec === undefined) throw new Error(`Deployment ${stable.metadata?.name ?? ''} has no spec`);
  return {
    template: stable.spec.template,
    version: stable.metadata?.annotations?.[labels.version] ?? null,
    paused: stable.spec.paused ?? false,
    release: templateDigest(patched.spec?.template),
    adoption,
  };
}

/** The canary's Service when it is this rollout's; null when it is gone or somebody else's. */
export async function findOwnService(
  api: KubernetesApi,
  target: Target,
  owner: Owner,
): Promise<V1Service | null> {
  const found = await api.find(kinds.service, target.namespace, canaryServiceName(target));
  return isMarked(found, owner) ? found : null;
}

/** @throws PortFault ForeignChange when it is gone, going, or not this rollout's. */
export async function readOwnService(api: KubernetesApi, target: Target, owner: Owner): Promise<V1Service> {
  const found = await findOwnService(api, target, owner);
  if (found !== null && !isEnding(found)) return found;
  throw new PortFault(
    failureTypes.ForeignChange,
    `Service ${target.namespace}/${canaryServiceName(target)}, the canary's, is gone or not of rollout ${owner.rolloutId} any more`,
  );
}

/** What is noted on the canary's Service; null when nothing is, `unreadable` when somebody spoilt it. */
export function noteOn({ metadata }: V1Service): BeforeNote | 'unreadable' | null {
  const text = metadata?.annotations?.[annotations.before];
  if (text === undefined) return null;
  try {
    const note = JSON.parse(text) as Partial<BeforeNote> | null;
    const whole = typeof note?.release === 'string' && note.template?.spec !== undefined;
    return whole && note.adoption !== undefined ? (note as BeforeNote) : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** For a merge patch of the Service: the note, as its metadata; a conflict when it has changed since it was read. */
export function notedMetadata({ metadata }: V1Service, note: BeforeNote): object {
  const { resourceVersion } = metadata ?? {};
  return { resourceVersion, annotations: { [annotations.before]: JSON.stringify(note) } };
}
