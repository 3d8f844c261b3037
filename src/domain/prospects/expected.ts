import {
  shareOf,
  type Amounts,
  type ArmMeasurement,
  type Failed,
  type Histogram,
  type MeasuredValue,
  type Measurement,
  type Missing,
} from '../analysis/measurement.ts';
import { countOf } from '../analysis/quantile.ts';
import type { Proportion } from '../statistics/proportion.ts';
import type { Traffic } from './traffic.ts';

/**
 * One-sided, in standard deviations: in four of five rollouts chance is kinder than this (the 0.8 quantile of the normal
 * distribution).
 */
export const unlucky = 0.8416;

/** A time at one weight. */
export interface Stretch {
  readonly weightPercent: number;
  readonly ms: number;
}

/** Of the whole service's requests, those that the canary is sent. */
export function requestsToCanary({ requestsPerSecond }: Traffic, { weightPercent, ms }: Stretch): number {
  return (requestsPerSecond * (ms / 1000) * weightPercent) / 100;
}

/**
 * What would be counted in that time if the canary were as stable is. Counts are not whole: they are expected values.
 * @param options.errorShare of the canary's requests fail; as many as stable's without it.
 * @param options.z by how many standard deviations chance speaks against the canary. @default 0
 */
export function expectedArms(
  traffic: Traffic,
  stretch: Stretch,
  { errorShare, z = 0 }: { errorShare?: number; z?: number } = {},
): Measurement {
  const toCanary = requestsToCanary(traffic, stretch);
  // At 100 % the canary is compared with what stable did before.
  const toStable =
    stretch.weightPercent < 100
      ? requestsToCanary(traffic, { ...stretch, weightPercent: 100 - stretch.weightPercent })
      : requestsToCanary(traffic, { weightPercent: 100, ms: traffic.windowMs });
  const canary = scaled(traffic.stable, toCanary, z);
  const errors = errorShare === undefined ? {} : { 'error-rate': expectedShare(errorShare, toCanary, z) };
  return { kind: 'measured', stable: scaled(traffic.stable, toStable, -z), canary: { ...canary, ...errors } };
}

function scaled(arm: ArmMeasurement, requests: number, z: number): ArmMeasurement {
  const counted = shareOf(arm, 'error-rate');
  const seen = 'missing' in counted ? 0 : counted.total;
  const expected = ([metric, of]: [string, Metric]): [string, Metric] => {
    // A value is not counted: more requests do not change it.
    if ('missing' in of || 'failed' in of || 'value' in of) return [metric, of];
    if (seen === 0) return [metric, nothingOf(of)];
    if ('mean' in of) return [metric, expectedAmounts(of, (of.count * requests) / seen, z)];
    if ('buckets' in of) return [metric, expectedHistogram(of, requests / seen, z)];
    const share = of.total === 0 ? 0 : of.bad / of.total;
    return [metric, expectedShare(share, (of.total * requests) / seen, z)];
  };
  // Each metric stays what it is; entries of an object do not tell the compiler.
  return Object.fromEntries(Object.entries(arm as Record<string, Metric>).map(expected)) as ArmMeasurement;
}

type Counts = Proportion | Histogram | Amounts;
type Metric = Counts | MeasuredValue | Missing | Failed;

function nothingOf(metric: Counts): Counts {
  if ('mean' in metric) return { count: 0, mean: 0, deviation: 0 };
  return 'buckets' in metric ? { buckets: [] } : { bad: 0, total: 0 };
}

/** The mean of so many, and its standard error. */
function expectedAmounts({ mean, deviation }: Amounts, count: number, z: number): Amounts {
  return { count, mean: count === 0 ? 0 : mean + (z * deviation) / Math.sqrt(count), deviation };
}

/** The binomial distribution's mean, and its standard deviation: sqrt(n p (1 - p)). */
function expectedShare(share: number, total: number, z: number): Proportion {
  const bad = share * total + z * Math.sqrt(total * share * (1 - share));
  return { bad: Math.min(total, Math.max(0, bad)), total };
}

/** Each bucket's count by itself: somewhat more of bad luck than in any single one. */
function expectedHistogram({ buckets }: Histogram, factor: number, z: number): Histogram {
  const total = countOf(buckets) * factor;
  let below = 0;
  return {
    buckets: buckets.map(({ upTo, count }) => {
      const larger = total === 0 ? 0 : Math.max(0, 1 - (count * factor) / total);
      below = Math.max(below, total - expectedShare(larger, total, z).bad);
      return { upTo, count: upTo === null ? total : below };
    }),
  };
}
