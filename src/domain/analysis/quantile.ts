import type { Bucket } from './measurement.ts';

/** A quantile read out of a histogram. */
export interface Quantile {
  readonly value: number;
  /** The quantile lies beyond the last finite bound, which is given in its place: the true one is larger. */
  readonly beyondBuckets: boolean;
}

/**
 * The `q` quantile (0 < q < 1) of cumulative buckets, by linear interpolation within a bucket, as Prometheus'
 * `histogram_quantile` has it: the lowest bucket begins at 0, and what lies beyond the last finite bound is given as
 * that bound. A count below its predecessor's, as torn scrapes leave it, is taken as the predecessor's.
 * @returns null where nothing was counted, or the buckets do not end in infinity.
 */
export function quantile(q: number, buckets: readonly Bucket[]): Quantile | null {
  const total = countOf(buckets);
  if (total <= 0 || buckets.length < 2) return null;
  const rank = q * total;
  let below: { readonly upTo: number; readonly count: number } = { upTo: 0, count: 0 };
  for (const { upTo, count } of buckets) {
    if (upTo === null) break;
    if (count >= rank) {
      const share = (rank - below.count) / (count - below.count);
      return { value: below.upTo + (upTo - below.upTo) * share, beyondBuckets: false };
    }
    below = { upTo, count: Math.max(below.count, count) };
  }
  return { value: below.upTo, beyondBuckets: true };
}

/** How many values the buckets hold in all; 0 for buckets that do not end in infinity. */
export function countOf(buckets: readonly Bucket[]): number {
  const last = buckets.at(-1);
  return last?.upTo === null ? last.count : 0;
}
