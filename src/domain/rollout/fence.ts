/**
 * The fence of safety rule S4: which rollout owns a route, and how many writes it has decided on. It is kept on the
 * route and checked in the same write (resourceVersion), so that an attempt that was delayed can never undo a later
 * one.
 */
export interface Fence {
  /** Temporal's run id. */
  readonly rolloutId: string;
  /** When the run started, by Temporal's clock: a later rollout outranks an earlier one. */
  readonly startedAtMs: number;
  /** Grows with every write that the workflow decides on; attempts of one activity share it. */
  readonly epoch: number;
}

/** A fence as it is found on a route. */
export interface FenceOnRoute extends Fence {
  /** The rollout has ended and lets the next one in. */
  readonly released: boolean;
}

export type FenceAnswer = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

/** May this rollout take the route? */
export function mayClaim(found: FenceOnRoute | null, mine: Fence): FenceAnswer {
  if (found === null) return { allowed: true };
  if (found.rolloutId === mine.rolloutId) {
    return found.released ? refused(`rollout ${mine.rolloutId} has ended here`) : { allowed: true };
  }
  if (!found.released) return refused(`rollout ${found.rolloutId} owns the route`);
  if (found.startedAtMs >= mine.startedAtMs) return refused(`the later rollout ${found.rolloutId} was here`);
  return { allowed: true };
}

/** May this write change the route? Only for the owner, and only when nothing later was written. */
export function mayWrite(found: FenceOnRoute | null, mine: Fence): FenceAnswer {
  if (found === null)
    return refused('the route carries no fence: it was not claimed, or somebody removed it');
  if (found.rolloutId !== mine.rolloutId) return refused(`rollout ${found.rolloutId} owns the route`);
  if (found.released) return refused(`rollout ${mine.rolloutId} has ended here`);
  if (found.epoch > mine.epoch) return refused(`epoch ${found.epoch} was written, this is ${mine.epoch}`);
  return { allowed: true };
}

function refused(why: string): FenceAnswer {
  return { allowed: false, why };
}
