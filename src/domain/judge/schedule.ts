import { hashOf } from './hash.ts';
import type { PairKind } from './judged-pair.ts';
import type { Prompt } from './prompts.ts';

/** A pair to be judged: of what kind, and by whose prompt. */
export interface PlannedPair {
  readonly prompt: Prompt;
  readonly kind: PairKind;
}

export interface ScheduleOptions {
  /** Prompts at most, the same ones each time; null: all. */
  readonly mostPrompts: number | null;
  /** Of judged prompts: how many more pairs there are of `noise`, and of both sanity kinds together. Shares of 1. */
  readonly noiseShare: number;
  readonly sanityShare: number;
}

/** Of each kind at least, where there are prompts enough: one pair alone says nothing. */
const few = 3;
/** But of so many prompts, one at most is asked once more for a kind of its own because of that. */
const promptsForOne = 4;

/**
 * Which pairs are judged, in which order. It depends on ids alone: the same set gives the same pairs, and one more prompt
 * changes few of them. Kinds are mixed, so that nothing that happens in the midst of it meets one kind alone; prompts with
 * a checker show nothing about a judge, and have neither noise nor sanity pairs.
 */
export function schedulePairs(prompts: readonly Prompt[], options: ScheduleOptions): readonly PlannedPair[] {
  const { mostPrompts, noiseShare, sanityShare } = options;
  const asked = byHash(prompts, 'asked').slice(0, mostPrompts ?? prompts.length);
  const judged = asked.filter((it) => it.checker === null);
  const some = (kind: PairKind, share: number): PlannedPair[] =>
    byHash(judged, kind)
      .slice(0, pairsOf(share, judged.length))
      .map((prompt) => ({ prompt, kind }));
  const pairs = [
    ...asked.map((prompt): PlannedPair => ({ prompt, kind: 'arms' })),
    ...some('noise', noiseShare),
    ...some('identical', sanityShare / 2),
    ...some('spoilt', sanityShare / 2),
  ];
  return sortedBy(pairs, ({ prompt, kind }) => `mixed ${kind} ${prompt.id}`);
}

function pairsOf(share: number, prompts: number): number {
  if (share === 0) return 0;
  const least = Math.min(few, Math.floor(prompts / promptsForOne));
  return Math.min(prompts, Math.max(least, Math.round(share * prompts)));
}

/** Each purpose has an order of its own: who is chosen for one is not for that reason chosen for another. */
function byHash(prompts: readonly Prompt[], purpose: string): Prompt[] {
  return sortedBy(prompts, ({ id }) => `${purpose} ${id}`);
}

function sortedBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const keyed = items.map((item) => ({ item, hash: hashOf(keyOf(item)) }));
  // Sorting is stable: what has the same hash stays in the set's order.
  return keyed.sort((one, other) => one.hash - other.hash).map(({ item }) => item);
}
