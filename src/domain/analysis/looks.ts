/** One look of a guard: how far back, and which part of the guard's doubt it may use up. */
export interface GuardLook {
  readonly windowMs: number;
  /** 0 to 1; over all looks that a guard can ever take at one weight they sum to less than 1. */
  readonly share: number;
}

/** Each window is this many times as long as the one before. */
const growth = 4;

/**
 * How far back a guard that needs proof looks: to the start of this weight, and, in windows of growing length, to the
 * start of the window before the present one. A breach that begins late would drown in hours of good requests; in a
 * window of about its own age it does not.
 *
 * Looking from one start again and again costs nothing (sequential bounds); each new start does: half of the doubt is
 * for the start of the weight, the other half is shared by all windows that may ever come, 1/(k(k+1)) for the k-th of
 * them, since nobody knows how long a rollout is held.
 * @param elapsedMs since the canary got this weight.
 * @param shortestMs the length of the shortest windows.
 */
export function guardLooks(elapsedMs: number, shortestMs: number): GuardLook[] {
  const looks = [{ windowMs: elapsedMs, share: 1 / 2 }];
  let scale = 1;
  for (let lengthMs = shortestMs; elapsedMs >= 2 * lengthMs; lengthMs *= growth) {
    const start = Math.floor(elapsedMs / lengthMs) - 1;
    looks.push({ windowMs: elapsedMs - start * lengthMs, share: (1 / 2) * partOf(scale) * partOf(start) });
    scale += 1;
  }
  return looks;
}

/** 1/2, 1/6, 1/12, ...: all of them together are 1. */
function partOf(index: number): number {
  return 1 / (index * (index + 1));
}

/**
 * Whether a window is to be looked at again: it is when it has changed by a hundredth or so. What hours say does not change
 * within seconds, and a look at hours costs Prometheus more than one at a minute. A guard without a look before, as after
 * a crash, looks at all of them.
 * @param times in ms since the start of the weight.
 */
export function isDue(
  windowMs: number,
  { elapsedMs, beforeMs }: { readonly elapsedMs: number; readonly beforeMs: number | null },
): boolean {
  if (beforeMs === null) return true;
  // Of a power of two, so that the period of a window that grows stays the same for a while.
  const periodMs = 2 ** Math.floor(Math.log2(windowMs)) / 64;
  return Math.floor(elapsedMs / periodMs) > Math.floor(beforeMs / periodMs);
}
