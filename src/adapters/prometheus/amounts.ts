import type { Amounts, Bucket } from '../../domain/analysis/measurement.ts';
import { bucketsOf } from './histogram.ts';
import { total, type Count } from './source.ts';

/**
 * What a classic histogram says of the mean: exactly, by its sum and its count. Of the deviation its buckets tell; within
 * one, values are taken to lie evenly, and those beyond the last bound up to twice of it.
 * @param name of the histogram, without `_bucket`, `_sum` and `_count`.
 */
export function amountsOf(counts: readonly Count[], name: string): Amounts {
  const count = total(counts, `${name}_count`);
  if (count <= 0) return { count: 0, mean: 0, deviation: 0 };
  const mean = total(counts, `${name}_sum`) / count;
  return { count, mean, deviation: deviationOf(bucketsOf(counts, `${name}_bucket`, 1), mean) };
}

/** The standard deviation of n values, not of n - 1: with fewer than a hundred nothing is said of them anyway. */
function deviationOf(buckets: readonly Bucket[], mean: number): number {
  let [squares, inAll] = [0, 0];
  let [from, below] = [0, 0];
  for (const { upTo, count } of buckets) {
    const to = upTo ?? 2 * from;
    const here = Math.max(0, count - below);
    // Around the mean: the middle's distance, and an even distribution's own variance.
    squares += here * (((from + to) / 2 - mean) ** 2 + (to - from) ** 2 / 12);
    inAll += here;
    [from, below] = [to, Math.max(below, count)];
  }
  return inAll === 0 ? 0 : Math.sqrt(squares / inAll);
}
