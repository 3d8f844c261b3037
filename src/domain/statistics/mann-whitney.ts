import normalCdf from '@stdlib/stats-base-dists-normal-cdf';

/** Whether the values of one sample tend to be larger than those of another. */
export interface MannWhitney {
  /** In how many pairs of one value each the first sample's is larger; a tie is half a pair. */
  readonly u: number;
  /** The share of these pairs, 0 to 1; 1/2 where neither sample tends to be larger. */
  readonly effect: number;
  /** Probability of as much and more if both samples came from one distribution. */
  readonly p: { readonly twoSided: number; readonly larger: number; readonly smaller: number };
}

/**
 * Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the other", Ann. Math.
 * Statist. 18 (1947): the normal approximation, with its variance corrected for ties and u for being whole; good from
 * about eight values in each sample on. The effect is McGraw and Wong's, "A common language effect size statistic",
 * Psychological Bulletin 111 (1992).
 */
export function mannWhitney(one: readonly number[], other: readonly number[]): MannWhitney {
  if (one.length === 0 || other.length === 0)
    throw new RangeError('a sample is empty; needed: one value each');
  if ([...one, ...other].some((it) => Number.isNaN(it)))
    throw new RangeError('NaN cannot be ranked; allowed: numbers, also infinite ones');
  const pairs = one.length * other.length;
  const { rankSum, ties } = ranked(one, other);
  const u = rankSum - (one.length * (one.length + 1)) / 2;
  const all = one.length + other.length;
  const variance = (pairs / 12) * (all + 1 - ties / (all * (all - 1)));
  // From half a pair nearer to the middle on it is as much and more.
  const beyond = (over: number) => (variance > 0 ? normalCdf((0.5 - over) / Math.sqrt(variance), 0, 1) : 1);
  const over = u - pairs / 2;
  return {
    u,
    effect: u / pairs,
    p: {
      twoSided: Math.min(1, 2 * beyond(Math.abs(over))),
      larger: beyond(over),
      smaller: beyond(-over),
    },
  };
}

/** The sum of the first sample's ranks, the mean rank for equal values; and the sum of t³ - t over t equal ones. */
function ranked(one: readonly number[], other: readonly number[]): { rankSum: number; ties: number } {
  const values = [
    ...one.map((value) => ({ value, isOne: true })),
    ...other.map((value) => ({ value, isOne: false })),
  ].sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  let [rankSum, ties] = [0, 0];
  for (let start = 0; start < values.length;) {
    let [end, ofOne] = [start, 0];
    for (; values[end]?.value === values[start]?.value && end < values.length; end += 1)
      if (values[end]?.isOne === true) ofOne += 1;
    rankSum += (ofOne * (start + 1 + end)) / 2;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  return { rankSum, ties };
}
