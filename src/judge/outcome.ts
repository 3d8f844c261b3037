import type { JudgeAnswer } from '../domain/judge/answer.ts';

/** How judging ended. */
export type JudgeOutcome =
  | { readonly kind: 'answered'; readonly answer: JudgeAnswer }
  /** The prompts are not fit: all problems, at least one. Nobody was asked. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] }
  /** An endpoint does not work, or there was no time. */
  | { readonly kind: 'failed'; readonly why: string }
  /** Somebody ended it. */
  | { readonly kind: 'interrupted' };

/** How far it is; told after each pair. */
export interface JudgeProgress {
  /** Pairs of all kinds, those that are lost included. */
  readonly done: number;
  readonly planned: number;
  readonly lost: number;
  /** Of canary against stable so far. */
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** Why the last one that was lost was lost; null: none was. */
  readonly lastLoss: string | null;
}
