/** What was counted of two arms that were asked the same: how pairs ended, and how good the answers were. */
export interface PairedMeasurement {
  /** Pairs that the canary won, that it lost, and that are ties. */
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** Left out where nobody gave scores. */
  readonly scores?: PairedScores;
}

/**
 * Scores from 0 to 1 of both answers to each prompt: all that an interval for the difference or the ratio of their means
 * needs. Variances and covariance are the sample's (divided by `count` - 1).
 */
export interface PairedScores {
  /** Prompts. */
  readonly count: number;
  readonly stable: { readonly mean: number; readonly variance: number };
  readonly canary: { readonly mean: number; readonly variance: number };
  readonly covariance: number;
}
