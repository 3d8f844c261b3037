import type { Evidence } from '../plan/evidence.ts';
import type { Looking } from '../statistics/looking.ts';

/** How sure a verdict has to be. */
export interface Standard {
  readonly evidence: Evidence;
  /** Requests of the canary below which nothing passes, and no point value fails. */
  readonly minimumSamples: number;
  /** Probability at most of failing a canary that keeps the limit, and of passing one that breaks it. */
  readonly alpha: { readonly fail: number; readonly pass: number };
  /** Whether somebody looks once or again and again. */
  readonly looking: Looking;
}
