import type { Verdict } from '../analysis/verdict.ts';

/** What a guard activity comes back with; it does not come back for anything else. */
export type GuardFinding =
  | { readonly kind: 'breach'; readonly verdict: Verdict }
  /** Weights, canary or the observed split are not what this rollout set (S10, R9.3). */
  | { readonly kind: 'foreignChange'; readonly what: string };

/** What a guard activity shows while it looks: in its heartbeats, for `status` and the UI. */
export interface GuardProgress {
  readonly lookedAtMs: number;
  readonly verdicts: readonly Verdict[];
}
