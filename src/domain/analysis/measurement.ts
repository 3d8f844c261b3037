import type { ArmAges } from './arm-ages.ts';
import type { CostName, MetricName, ShareName, SizeName } from '../metrics/metrics.ts';
import type { Proportion } from '../statistics/proportion.ts';

/** What was read of one arm over one window, by metric: of those that were asked for. */
export type ArmMeasurement = Readonly<
  Partial<
    Record<ShareName, Proportion | Missing> &
      Record<SizeName, Histogram | Missing> &
      Record<CostName, Amounts | Missing>
  >
>;

/** What many requests had each, as far as it is known of counters: of a sum and a histogram. */
export interface Amounts {
  readonly count: number;
  /** 0 of none. */
  readonly mean: number;
  /** The sample's standard deviation, or more: within a bucket values are taken to lie as far from the mean as they can. */
  readonly deviation: number;
}

/** Cumulative counts by upper bound in the metric's unit, rising; the last bound is infinity. */
export interface Histogram {
  readonly buckets: readonly Bucket[];
}

export interface Bucket {
  /** Upper bound, inclusive; null is infinity, which JSON cannot hold. */
  readonly upTo: number | null;
  readonly count: number;
}

/** A metric of which an arm has no series: it says nothing about the other arm, nor about other metrics. */
export interface Missing {
  /** Why there is nothing, for people. */
  readonly missing: string;
}

/** Both arms over the same window, or why there is nothing. Missing data is never zero. */
export type Measurement =
  | {
      readonly kind: 'measured';
      readonly stable: ArmMeasurement;
      readonly canary: ArmMeasurement;
      /** Where it is known. */
      readonly ages?: ArmAges;
    }
  | { readonly kind: 'providerError'; readonly why: string };

/** The measurement over this window; no data when it was not asked for. */
export function measuredOver(measurements: ReadonlyMap<number, Measurement>, windowMs: number): Measurement {
  return measurements.get(windowMs) ?? nobodyMeasured;
}

/** An arm's share; missing when nobody asked for it. */
export function shareOf(arm: ArmMeasurement, metric: ShareName): Proportion | Missing {
  return arm[metric] ?? notAsked(metric);
}

/** An arm's histogram; missing when nobody asked for it. */
export function histogramOf(arm: ArmMeasurement, metric: SizeName): Histogram | Missing {
  return arm[metric] ?? notAsked(metric);
}

/** What an arm's requests cost; missing when nobody asked for it. */
export function costOf(arm: ArmMeasurement, metric: CostName): Amounts | Missing {
  return arm[metric] ?? notAsked(metric);
}

const nobodyMeasured = { kind: 'providerError', why: 'nobody measured' } as const;

function notAsked(metric: MetricName): Missing {
  return { missing: `nobody asked for ${metric}` };
}
