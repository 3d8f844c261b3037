import type { V1Deployment } from '@kubernetes/client-node';
import { annotations, canaryWorkloadName, labels } from '../../domain/rollout/naming.ts';
import type { Target } from '../../domain/plan/plan.ts';
import type { Owner } from '../../ports/workload.ts';
import { digest } from './digest.ts';
import { gateOf } from './gate.ts';
import type { BeforeNote } from './before-note.ts';
import { templateDigest, whatRuns } from './template.ts';

/** What the arms were when the canary was made; on the canary's Deployment as annotation `sluice.dev/before`. */
interface OriginNote {
  /** Hash of what stable ran. */
  readonly stable: string;
  /** Hash of what the canary runs, and stable once it has been updated. */
  readonly release: string;
  readonly stableReplicas: number;
}

/** The annotation that {@link foreignChanges} compares with. */
export function originNote(stable: V1Deployment, patched: V1Deployment): Record<string, string> {
  const note: OriginNote = {
    stable: hashOf(stable),
    release: hashOf(patched),
    stableReplicas: stable.spec?.replicas ?? 1,
  };
  return { [annotations.before]: JSON.stringify(note) };
}

/** What somebody else did to stable or the canary since the canary was made (S10); sentences. */
export function foreignChanges(
  target: Target,
  stable: V1Deployment | null,
  canary: V1Deployment | null,
  owner: Owner,
): string[] {
  const canaryName = `Deployment ${target.namespace}/${canaryWorkloadName(target)}`;
  if (canary === null) return [`${canaryName} is gone`];
  if (canary.metadata?.labels?.[labels.rolloutId] !== owner.rolloutId)
    return [`${canaryName} is not this rollout's any more`];
  const note = noteOf(canary);
  if (note === null) return [`${canaryName}: somebody removed or changed annotation ${annotations.before}`];
  const changed = hashOf(canary) !== note.release;
  return [...changesOfStable(target, stable, note, owner), ...(changed ? [changedTemplate(canaryName)] : [])];
}

/** The same while the canary's pods become stable's, and the canary's Deployment is gone. */
export function changesInAdoption(
  target: Target,
  stable: V1Deployment | null,
  note: BeforeNote,
  owner: Owner,
): string[] {
  const name = `Deployment ${target.namespace}/${target.workload.name}`;
  if (stable === null) return [`${name} is gone`];
  const template = templateDigest(stable.spec?.template);
  const known = template === note.release || template === templateDigest(note.template);
  return [...(known ? [] : [changedTemplate(name)]), ...unmarked(name, stable, owner)];
}

function changesOfStable(
  target: Target,
  stable: V1Deployment | null,
  note: OriginNote,
  owner: Owner,
): string[] {
  const name = `Deployment ${target.namespace}/${target.workload.name}`;
  if (stable === null) return [`${name} is gone`];
  const replicas = stable.spec?.replicas ?? 1;
  const known = [note.stable, note.release].includes(hashOf(stable));
  return [
    ...(known ? [] : [changedTemplate(name)]),
    ...(replicas >= note.stableReplicas
      ? []
      : [`${name}: somebody scaled it from ${note.stableReplicas} to ${replicas} replicas`]),
    ...unmarked(name, stable, owner),
  ];
}

function changedTemplate(name: string): string {
  return `${name}: somebody changed its pod template`;
}

function unmarked(name: string, stable: V1Deployment, owner: Owner): string[] {
  return gateOf(stable, owner).kind === 'open' ? [] : [`${name} is not marked as this rollout's any more`];
}

function noteOf(canary: V1Deployment): OriginNote | null {
  try {
    const note = JSON.parse(canary.metadata?.annotations?.[annotations.before] ?? '') as Partial<OriginNote>;
    const { stable, release, stableReplicas } = note;
    if (stable === undefined || release === undefined || stableReplicas === undefined) return null;
    return { stable, release, stableReplicas };
  } catch {
    return null;
  }
}

function hashOf(deployment: V1Deployment): string {
  return digest(whatRuns(deployment.spec?.template));
}
