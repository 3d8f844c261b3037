/** How a pair of answers was judged: what the judge's program hands to those who count. */
export interface JudgedPair {
  /** Of the prompt. */
  readonly id: string;
  readonly category: string | null;
  readonly kind: PairKind;
  /** Null: lost, and who lost it. */
  readonly judgement: Judgement | null;
  readonly lostBy: 'stable' | 'canary' | 'judge' | null;
  /** Characters of the answers; null without one. */
  readonly lengths: { readonly stable: number; readonly canary: number } | null;
}

/**
 * - `arms`: stable's answer against the canary's.
 * - `noise`: stable against itself, asked again; its second answer stands where the canary's would.
 * - `identical`: one answer twice.
 * - `spoilt`: stable's answer against the same made worthless, which stands where the canary's would.
 */
export type PairKind = 'arms' | 'noise' | 'identical' | 'spoilt';

/** Who is better; `second` and `first` are the places in which the judge saw the answers. */
export type Preference = 'first' | 'second' | 'tie';

export interface Judgement {
  /** Both orders: stable shown first, then the canary shown first. Of a checker, which sees no order: none. */
  readonly votes: readonly [Preference, Preference] | null;
  readonly winner: 'stable' | 'canary' | 'tie';
  /** 0 to 1, the mean over both orders and all criteria. */
  readonly scores: { readonly stable: number; readonly canary: number };
}
