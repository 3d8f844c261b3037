import type { EvidenceGap, Verdict } from './verdict.ts';

/** What one metric says about measured arms: a verdict without the fields that all metrics share. */
export type Finding = Omit<Verdict, 'metric' | 'limit'>;

/** Nothing that could be held against a limit. */
export interface NoEstimate {
  readonly gap: EvidenceGap;
  readonly samples: number;
  /** Why there is nothing to compare. */
  readonly sentence: string;
}

/** What one metric tells of measured arms, before it is held against a limit. */
export interface KnownEstimate {
  readonly gap: null;
  readonly value: number;
  /** Where the true value lies, at the standard's doubt. */
  readonly interval: { readonly low: number; readonly high: number | null };
  /** What `value` says of the point value: buckets that end too early give only a bound of it. */
  readonly known: 'exactly' | 'at least' | 'at most' | 'not at all';
  /** Requests of the canary (or ratings, or prompts) that it rests on. */
  readonly samples: number;
  /** What samples are, for people; null where nobody counted, so that there are no too few of them. */
  readonly counted: 'requests' | 'ratings' | 'prompts' | null;
  /** For people: `error rate 2.2 % of 412 requests`. */
  readonly said: string;
  /** A number of this metric, as people write it: `2.2 %`. */
  readonly written: (value: number, beside?: number) => string;
}
