import type { Verdict } from '../analysis/verdict.ts';
import type { JudgeAnswer } from './answer.ts';

/** What judging a phase came to. */
export interface JudgeReport {
  /** Index into the plan's phases. */
  readonly phase: number;
  /** How many Jobs it took. */
  readonly attempts: number;
  /** What the answer means for the plan's limits; never a pass without an answer (S6). */
  readonly verdicts: readonly Verdict[];
  /** Null when no Job gave one. */
  readonly answer: JudgeAnswer | null;
  /** Why Jobs failed, in their order. */
  readonly failures: readonly string[];
}

/** What whoever judges shows while it runs. */
export interface JudgeProgress {
  /** From 1. */
  readonly attempt: number;
  /** What its Job is doing, for people. */
  readonly what: string;
  readonly failures: readonly string[];
}
