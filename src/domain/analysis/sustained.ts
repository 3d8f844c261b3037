import type { Verdict } from './verdict.ts';

/** What a guard remembers from look to look; small, and plain JSON, so that it survives in a heartbeat. */
export interface SustainedState {
  /** Time of the first fail since the last pass; null without one. */
  readonly breachedSinceMs: number | null;
}

export const notBreached: SustainedState = { breachedSinceMs: null };

export interface SustainedLook {
  readonly outcome: Verdict['outcome'];
  readonly nowMs: number;
  /** The guard's `sustainedForMs`; 0 breaches at the first fail. */
  readonly sustainedForMs: number;
}

/**
 * One look of a guard whose breach must last: it breaches when a fail is seen `sustainedForMs` or more after the first
 * one, with no pass between. Inconclusive looks neither begin nor end it, nor do they breach: a gap in the data does
 * not acquit a canary that failed before and after it. A clock that went back starts the time anew.
 */
export function sustain(
  state: SustainedState,
  { outcome, nowMs, sustainedForMs }: SustainedLook,
): { readonly state: SustainedState; readonly breach: boolean } {
  if (outcome === 'pass') return { state: notBreached, breach: false };
  if (outcome === 'inconclusive') return { state, breach: false };
  const breachedSinceMs = Math.min(state.breachedSinceMs ?? nowMs, nowMs);
  return { state: { breachedSinceMs }, breach: nowMs - breachedSinceMs >= sustainedForMs };
}
