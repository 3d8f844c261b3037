import type { RolloutEvent, RolloutState } from '../../domain/rollout/state.ts';

/**
 * The events of `present` that were not there before. Not by their number: the workflow may forget the oldest ones.
 */
export function newEvents(
  before: readonly RolloutEvent[],
  present: readonly RolloutEvent[],
): readonly RolloutEvent[] {
  const last = before.at(-1);
  if (last === undefined) return present;
  const known = present.findLastIndex((event) => isSame(event, last));
  return known === -1 ? present.filter(({ atMs }) => atMs > last.atMs) : present.slice(known + 1);
}

function isSame(one: RolloutEvent, other: RolloutEvent): boolean {
  return one.atMs === other.atMs && one.what === other.what && one.by === other.by;
}

/** The part of the state that somebody who watches wants to hear about when it changes. */
export function standingOf({ status, phase, weightPercent, endsAtMs, holdReason }: RolloutState) {
  return { status, phase, weightPercent, endsAtMs, holdReason };
}
