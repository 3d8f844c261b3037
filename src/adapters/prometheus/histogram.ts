import type { Bucket } from '../../domain/analysis/measurement.ts';
import type { Count } from './source.ts';

/**
 * A classic histogram's buckets, rising.
 * @param name of the series with the label `le`.
 * @param perSecond units of `le` in a second: 1000 for milliseconds.
 */
export function bucketsOf(counts: readonly Count[], name: string, perSecond: number): Bucket[] {
  const byBound = new Map<number, number>();
  for (const count of counts) {
    if (count.name !== name) continue;
    // "1" and "1.0" are one bound.
    const bound = count.labels['le'] === '+Inf' ? Infinity : Number(count.labels['le']);
    byBound.set(bound, (byBound.get(bound) ?? 0) + count.value);
  }
  return [...byBound]
    .sort(([a], [b]) => a - b)
    .map(([bound, count]) => ({ upTo: bound === Infinity ? null : bound / perSecond, count }));
}
