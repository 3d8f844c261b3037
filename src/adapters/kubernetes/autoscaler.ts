import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { failureTypes } from '../../domain/failures.ts';
import { annotations } from '../../domain/rollout/naming.ts';
import type { Target } from '../../domain/plan/plan.ts';
import { PortFault } from '../../ports/faults.ts';
import type { Owner } from '../../ports/workload.ts';

/**
 * What a rollout did to an autoscaler, kept on it as annotation `sluice.dev/before` and written together with the pin:
 * there is never one without the other, and an autoscaler that somebody makes anew carries neither.
 */
export interface PinNote {
  readonly rolloutId: string;
  /** Before; null when it was not set. */
  readonly minReplicas: number | null;
  /** Before, for the record. */
  readonly maxReplicas: number;
  /** Stable's replicas before, for the record. */
  readonly stableReplicas: number;
  readonly pinnedTo: number;
}

/** A write of an autoscaler: a merge patch that is a conflict when it has changed since it was read. */
export type AutoscalerPatch = object;

/** The autoscalers that scale a Deployment. */
export function autoscalersOf(
  all: readonly V2HorizontalPodAutoscaler[],
  deploymentName: string,
): V2HorizontalPodAutoscaler[] {
  return all.filter(({ spec }) => {
    const { kind, name } = spec.scaleTargetRef;
    return kind === 'Deployment' && name === deploymentName;
  });
}

/**
 * Makes the autoscaler keep what stable has now, so that stable can take 100 % back at any moment (S2). Never above its
 * own maxReplicas: that is what its owner wants at most. Null when nothing has to be written.
 * @throws PortFault TargetTaken when another rollout has pinned it; ForeignChange when this one had, and somebody
 *   lowered it since; Refused when its note cannot be read.
 */
export function pin(
  autoscaler: V2HorizontalPodAutoscaler,
  stableReplicas: number,
  owner: Owner,
): AutoscalerPatch | null {
  const { minReplicas, maxReplicas } = rangeOf(autoscaler);
  const note = noteOf(autoscaler);
  if (note === 'unreadable') throw new PortFault(failureTypes.Refused, unreadableNote(autoscaler));
  if (note !== null) return keepPin(autoscaler, note, owner);
  const pinnedTo = Math.min(Math.max(stableReplicas, minReplicas ?? 1), maxReplicas);
  if (pinnedTo <= (minReplicas ?? 1)) return null;
  const fresh: PinNote = {
    rolloutId: owner.rolloutId,
    minReplicas,
    maxReplicas,
    stableReplicas,
    pinnedTo,
  };
  return patchOf(autoscaler, JSON.stringify(fresh), { minReplicas: pinnedTo });
}

function keepPin(autoscaler: V2HorizontalPodAutoscaler, note: PinNote, owner: Owner): null {
  const name = nameOf(autoscaler);
  if (note.rolloutId !== owner.rolloutId)
    throw new PortFault(failureTypes.TargetTaken, `${name} is pinned by rollout ${note.rolloutId}`);
  const now = rangeOf(autoscaler).minReplicas ?? 1;
  if (now >= note.pinnedTo) return null;
  throw new PortFault(
    failureTypes.ForeignChange,
    `${name}: somebody lowered minReplicas from ${note.pinnedTo}, which stable needs, to ${now}`,
  );
}

/**
 * Puts a pinned autoscaler back as it was. When somebody set another minReplicas since, theirs stays and `kept` says
 * so. Null when this rollout has not pinned it.
 */
export function unpin(
  autoscaler: V2HorizontalPodAutoscaler,
  owner: Owner,
): { readonly patch: AutoscalerPatch; readonly kept: string | null } | null {
  const note = noteOf(autoscaler);
  if (note === null || note === 'unreadable' || note.rolloutId !== owner.rolloutId) return null;
  const now = rangeOf(autoscaler).minReplicas;
  if (now === note.pinnedTo)
    return { patch: patchOf(autoscaler, null, { minReplicas: note.minReplicas }), kept: null };
  const kept = `${nameOf(autoscaler)}: somebody set minReplicas to ${now ?? 'nothing'} during the rollout; that stays (before it was ${note.minReplicas ?? 'not set'})`;
  return { patch: patchOf(autoscaler, null, {}), kept };
}

/** What was noted on an autoscaler; null when no rollout pinned it, `unreadable` when somebody spoilt the note. */
export function noteOf({ metadata }: V2HorizontalPodAutoscaler): PinNote | 'unreadable' | null {
  const text = metadata?.annotations?.[annotations.before];
  if (text === undefined) return null;
  try {
    const note = JSON.parse(text) as Partial<PinNote> | null;
    const whole = typeof note?.rolloutId === 'string' && typeof note.pinnedTo === 'number';
    return whole && note.minReplicas !== undefined ? (note as PinNote) : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** What to do about a note that cannot be read. */
export function unreadableNote(autoscaler: V2HorizontalPodAutoscaler): string {
  return `${nameOf(autoscaler)}: annotation ${annotations.before} is not what a rollout noted: check minReplicas and remove the annotation`;
}

/** The rollout that has pinned an autoscaler, as far as its note says. */
export function pinnedBy(autoscaler: V2HorizontalPodAutoscaler): string | undefined {
  const note = noteOf(autoscaler);
  return note === null || note === 'unreadable' ? undefined : note.rolloutId;
}

/** `HorizontalPodAutoscaler llm/vllm`, for sentences. */
export function nameOf({ metadata }: V2HorizontalPodAutoscaler): string {
  return `HorizontalPodAutoscaler ${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

function rangeOf({ spec }: V2HorizontalPodAutoscaler): { minReplicas: number | null; maxReplicas: number } {
  return { minReplicas: spec.minReplicas ?? null, maxReplicas: spec.maxReplicas };
}

function patchOf(
  { metadata }: V2HorizontalPodAutoscaler,
  note: string | null,
  spec: object,
): AutoscalerPatch {
  const { resourceVersion } = metadata ?? {};
  return { metadata: { resourceVersion, annotations: { [annotations.before]: note } }, spec };
}

/** What the rollouts of a target have to do with one of its autoscalers; for preflight. */
export function autoscalerProblems(all: readonly V2HorizontalPodAutoscaler[], target: Target): string[] {
  const stable = autoscalersOf(all, target.workload.name);
  const several =
    stable.length > 1
      ? [
          `Deployment ${target.namespace}/${target.workload.name} is scaled by ${stable.length} autoscalers (${stable.map(nameOf).join(', ')}): leave one`,
        ]
      : [];
  return [...several, ...stable.flatMap(managedProblem)];
}

function managedProblem(autoscaler: V2HorizontalPodAutoscaler): string[] {
  const manager = autoscaler.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  if (manager === undefined) return [];
  return [
    `${nameOf(autoscaler)} is kept by ${manager.kind} ${manager.name}, which would undo that a rollout pins its minReplicas: pause it, or scale with a HorizontalPodAutoscaler of your own`,
  ];
}
