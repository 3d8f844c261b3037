import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import { noteOn } from '../../adapters/kubernetes/before-note.ts';
import { templateDigest } from '../../adapters/kubernetes/template.ts';

/** What a rollout that was finishing did to stable's pod template. */
export interface TemplateChange {
  readonly toDo: readonly string[];
  readonly leftAlone: readonly string[];
}

/**
 * Compares stable with what the rollout noted before it gave stable the release.
 * @param canaryService it carries the note; null when it does not exist, or is no rollout's.
 */
export function findTemplateChange(
  stable: V1Deployment | null,
  canaryService: V1Service | null,
): TemplateChange {
  const none = { toDo: [], leftAlone: [] };
  const note = canaryService === null ? null : noteOn(canaryService);
  if (note === null || stable === null) return none;
  const name = `Deployment ${stable.metadata?.name ?? ''}`;
  if (note === 'unreadable')
    return {
      ...none,
      leftAlone: [
        `${name}: somebody has spoilt the note about its own pod template; it keeps the one that it has`,
      ],
    };
  const now = templateDigest(stable.spec?.template);
  if (now === note.release)
    return {
      ...none,
      toDo: [
        `give ${name} its own pod template back: it has the release's, and its pods run it or will soon`,
      ],
    };
  if (now === templateDigest(note.template)) return none;
  return {
    ...none,
    leftAlone: [`${name}: somebody has set another pod template since it got the release's; that stays`],
  };
}
