export interface Quantiles {
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

/**
 * Exact quantiles by nearest rank: pN is the smallest sample that at least N
 * percent of the samples do not exceed, so it is always a sample that was seen
 * and never an interpolation. With fewer than 100 samples, p99 is the largest.
 *
 * Null without samples: no data is not zero.
 */
export function quantiles(samples: readonly number[]): Quantiles | null {
  if (samples.length === 0) return null;
  const sorted = Float64Array.from(samples).sort();
  // Whole percents keep the product exact: 0.07 * 100 is not 7, 7 * 100 / 100 is.
  const rank = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? NaN;
  return { p50: rank(50), p90: rank(90), p99: rank(99), max: rank(100) };
}
