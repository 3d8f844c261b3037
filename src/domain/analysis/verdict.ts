/** What a criterion says about the measurements so far. A value, never an exception. */
export interface Verdict {
  /** One that a person understands; first, so that Temporal's UI shows it before the numbers. */
  readonly sentence: string;
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  readonly metric: string;
  /** Why it is inconclusive; null otherwise. */
  readonly gap: EvidenceGap | null;
  /** The value that was compared, in the metric's unit; null without one. */
  readonly value: number | null;
  /** Where the true value lies, at the doubt that the plan allows; null where point values were compared. */
  readonly interval: { readonly low: number; readonly high: number | null } | null;
  /** What it was compared with, in the same unit. */
  readonly limit: number;
  /** Requests of the canary that it rests on; of a judge's, prompts. */
  readonly samples: number;
}

export type EvidenceGap =
  | 'tooFewSamples'
  | 'noData'
  | 'providerError'
  | 'armsNotComparable'
  /** An LLM judge asks, and its requests are counted with the users'. */
  | 'judgeAsks'
  | 'judgeNotTrusted'
  | 'judgeFailed';

/** fail if one fails; else inconclusive if one is, or if there is none (S6); else pass. */
export function combine(verdicts: readonly Verdict[]): Verdict['outcome'] {
  if (verdicts.some((it) => it.outcome === 'fail')) return 'fail';
  return verdicts.length > 0 && verdicts.every((it) => it.outcome === 'pass') ? 'pass' : 'inconclusive';
}
