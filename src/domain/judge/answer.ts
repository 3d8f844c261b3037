import type { PairedMeasurement } from './paired-measurement.ts';

/**
 * What a judge's Job says in the end: the JSON in its termination message, at most 4096 bytes, and all of it that enters
 * the history. Any image may write it; `version` and `pairs` are all that it must say. Facts, no verdict: the plan's
 * limits are held against it by {@link import('./verdicts.ts')}.
 */
export interface JudgeAnswer {
  readonly version: 1;
  /** Canary against stable. */
  readonly pairs: PairedMeasurement;
  /** Stable against itself, asked twice: how much judging alone scatters. */
  readonly noise?: PairedMeasurement;
  readonly trust?: JudgeTrust;
  readonly prompts?: PromptsUsed;
  readonly judge?: JudgeUsed;
  readonly lengths?: AnswerLengths;
  readonly tokens?: TokensUsed;
  /** Where the transcripts lie: a reference, never a text of theirs. */
  readonly transcripts?: string;
  /** Why there are none, or only a part of them, where they should be: a sentence, without a text of theirs. */
  readonly transcriptsProblem?: string;
}

/** What speaks for and against believing a judge. */
export interface JudgeTrust {
  /** Prompts that were asked, sanity pairs aside. */
  readonly asked: number;
  /** Of those, without a judgement that can be used, whoever failed. */
  readonly lost: { readonly stable: number; readonly canary: number; readonly judge: number };
  /** Pairs whose right judgement is known: two identical answers; a good one and a spoilt one. */
  readonly identical: SanityCount;
  readonly spoilt: SanityCount;
  /** Single votes that preferred one of the two answers, and of them those for the one that was shown first. */
  readonly order: { readonly decided: number; readonly first: number };
  /** The judge's model and a contestant's look like relatives. */
  readonly sameFamily: boolean;
}

export interface SanityCount {
  readonly asked: number;
  readonly right: number;
}

export interface PromptsUsed {
  readonly name: string;
  /** Of the file's bytes, in hex. */
  readonly sha256: string;
  readonly count: number;
}

export interface JudgeUsed {
  readonly model: string;
  /** Of the text that the judge is asked with, in hex. */
  readonly promptSha256: string;
}

/** Characters an answer has. */
export interface AnswerLengths {
  readonly stable: number;
  readonly canary: number;
  /** The canary's win rate as it would be if both answered at equal length; null where nobody can tell. */
  readonly controlledWinRate: number | null;
}

/** As the endpoints count them in `usage`. */
export interface TokensUsed {
  readonly judge: TokenCount;
  readonly stable: TokenCount;
  readonly canary: TokenCount;
}

export interface TokenCount {
  readonly input: number;
  readonly output: number;
}

/** What stands in its place when a judge could not judge at all: a Job that says so has failed, and says why. */
export interface JudgeFailure {
  readonly version: 1;
  /** One line, for people; nothing secret, and no more than a few hundred characters. */
  readonly failed: string;
}
