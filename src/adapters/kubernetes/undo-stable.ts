import type { V1Deployment } from '@kubernetes/client-node';
import type { Target } from '../../domain/plan/plan.ts';
import { labels } from '../../domain/rollout/naming.ts';
import type { Owner } from '../../ports/workload.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';
import { partFromStable } from './adopted-pods.ts';
import { findOwnService, noteOn, type BeforeNote } from './before-note.ts';
import { decideAgainOnConflict } from './conflicts.ts';
import { gateLabels, type KeptTemplate } from './gate.ts';
import { closeGate } from './stable.ts';
import { templateDigest } from './template.ts';

/**
 * Puts back what `updateStable` or `adoptCanary` changed of stable, by what they noted. Closes the gate first: an attempt
 * that is late would give stable the release once more. A template that somebody else has set meanwhile stays as it is,
 * and `releaseStable` says so.
 *
 * Pods that were about to become stable's go out of stable's Service first, by their labels, and run on: no request that
 * they have begun is cut off, and no new one comes. That they end is for `removeCanary`, once they have answered.
 */
export async function undoStable(api: KubernetesApi, target: Target, owner: Owner): Promise<void> {
  await closeGate(api, target, owner);
  const service = await findOwnService(api, target, owner);
  const note = service === null ? null : noteOn(service);
  if (note === null) return;
  if (note !== 'unreadable' && note.adoption !== null)
    await partFromStable(api, target, owner, note.adoption);
  await decideAgainOnConflict(async () => {
    const stable = await api.find(kinds.deployment, target.namespace, target.workload.name);
    if (stable === null || isAnothers(stable, owner)) return;
    const patch = note === 'unreadable' ? kept('unreadable') : undoing(stable, note);
    if (patch === null) return;
    const { resourceVersion } = stable.metadata ?? {};
    const body = { ...patch, metadata: { ...patch.metadata, resourceVersion } };
    await api.patch(kinds.deployment, target.namespace, target.workload.name, body, { type: 'strategic' });
  });
}

/** A later rollout has it by now. */
function isAnothers({ metadata }: V1Deployment, owner: Owner): boolean {
  const holder = metadata?.labels?.[gateLabels.owner];
  return holder !== undefined && holder !== owner.rolloutId;
}

interface Patch {
  readonly metadata?: object;
  readonly spec?: object;
}

/** Null when stable is as it was. */
function undoing(stable: V1Deployment, note: BeforeNote): Patch | null {
  const now = templateDigest(stable.spec?.template);
  // Only an adoption pauses, and only it may end the pause.
  const resumes = note.adoption !== null && !note.paused && stable.spec?.paused === true;
  const pause = resumes ? { paused: null } : {};
  if (now === note.release) {
    return {
      metadata: { annotations: { [labels.version]: note.version } },
      // As a whole: fields that the release added must vanish too.
      spec: { ...pause, template: { ...note.template, $patch: 'replace' } },
    };
  }
  if (now === templateDigest(note.template)) return resumes ? { spec: pause } : null;
  return { ...kept('changed'), spec: pause };
}

/** So that `releaseStable` can say it. */
function kept(why: KeptTemplate): Patch {
  return { metadata: { labels: { [gateLabels.keptTemplate]: why } } };
}
