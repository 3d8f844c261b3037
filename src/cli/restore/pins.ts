import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { autoscalersOf, noteOf, unreadableNote } from '../../adapters/kubernetes/autoscaler.ts';
import type { Target } from '../../domain/plan/plan.ts';

/** What rollouts did to the autoscalers of a target. */
export interface Pins {
  readonly rolloutIds: readonly string[];
  readonly toDo: readonly string[];
  readonly leftAlone: readonly string[];
}

/** Finds the autoscalers of stable that carry a rollout's note. */
export function findPins(target: Target, autoscalers: readonly V2HorizontalPodAutoscaler[]): Pins {
  const found = autoscalersOf(autoscalers, target.workload.name).map((it) => ({ it, note: noteOf(it) }));
  const pinned = found.flatMap(({ it, note }) =>
    note === null || note === 'unreadable' ? [] : [{ it, note }],
  );
  return {
    rolloutIds: pinned.map(({ note }) => note.rolloutId),
    toDo: pinned.map(({ it, note }) => {
      const name = `HorizontalPodAutoscaler ${it.metadata?.name ?? ''}`;
      const now = it.spec.minReplicas ?? null;
      return now === note.pinnedTo
        ? `put minReplicas of ${name} back from ${now} to ${note.minReplicas ?? 'nothing'}`
        : `take a rollout's note from ${name}; minReplicas stays at ${now ?? 'nothing'}, as somebody set it since`;
    }),
    leftAlone: found.flatMap(({ it, note }) => (note === 'unreadable' ? [unreadableNote(it)] : [])),
  };
}
