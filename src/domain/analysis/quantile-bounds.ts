import type { Bounds } from '../statistics/bounds.ts';
import type { Bucket } from './measurement.ts';
import { countOf } from './quantile.ts';

/** Between these two lies a quantile, in the histogram's unit. */
export interface QuantileInterval {
  readonly low: number;
  /** null: nobody knows; it may lie beyond the last bucket, or there are too few values. */
  readonly high: number | null;
}

/**
 * Between which values the true `q` quantile lies: those that the share of values beyond them does not rule out, at
 * `alpha` on each side. Within a bucket values are taken to lie evenly, as Prometheus does.
 *
 * Valid without any model of latencies: at the true quantile the values beyond it are a proportion of 1 - q.
 */
export function quantileInterval(
  q: number,
  buckets: readonly Bucket[],
  bounds: Bounds,
  alpha: { readonly low: number; readonly high: number },
): QuantileInterval {
  const total = countOf(buckets);
  const last = buckets.findLast(({ upTo }) => upTo !== null)?.upTo ?? 0;
  const beyond = (value: number) => ({ bad: Math.max(0, total - upToValue(value, buckets)), total });
  const isLarger = (value: number) => bounds.isAbove(beyond(value), 1 - q, alpha.low);
  const isSmaller = (value: number) => bounds.isBelow(beyond(value), 1 - q, alpha.high);
  if (total === 0 || last === 0) return { low: 0, high: null };
  return {
    low: isLarger(last) ? last : edge(0, last, (value) => !isLarger(value)),
    high: isSmaller(last) ? edge(0, last, isSmaller) : null,
  };
}

/** Where `holds` begins, between two values; it holds from there on. */
function edge(from: number, to: number, holds: (value: number) => boolean): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** How many values are no larger than this one, by linear interpolation within its bucket. */
function upToValue(value: number, buckets: readonly Bucket[]): number {
  let below = { upTo: 0, count: 0 };
  for (const { upTo, count } of buckets) {
    const reached = Math.max(below.count, count);
    if (upTo === null) break;
    if (value <= upTo) {
      const share = upTo === below.upTo ? 1 : (value - below.upTo) / (upTo - below.upTo);
      return below.count + (reached - below.count) * share;
    }
    below = { upTo, count: reached };
  }
  return below.count;
}
