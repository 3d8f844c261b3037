import type { ArmAges } from './arm-ages.ts';
import type { CostName, MetricName, ShareName, SizeName, ValueName } from '../metrics/metrics.ts';
import type { Proportion } from '../statistics/proportion.ts';

/** What was read of one arm over one window, by metric: of those that were asked for. */
export type ArmMeasurement = ArmCounts & ArmValues;

/** What was counted. */
export type ArmCounts = Readonly<
  Partial<
    Record<ShareName, Proportion | Missing> &
      Record<SizeName, Histogram | Missing> &
      Record<CostName, Amounts | Missing>
  >
>;

/** What others told. */
export type ArmValues = Readonly<Partial<Record<ValueName, ToldValue>>>;

/** What somebody told of an arm. */
export type ToldValue = MeasuredValue | Missing | Failed;

/** A number in the metric's unit. */
export interface MeasuredValue {
  readonly value: number;
}

/** Whoever tells this metric has failed: of all others that says nothing. */
export interface Failed {
  /** Why, for people. */
  readonly failed: string;
}

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
  | {
      readonly kind: 'providerError';
      readonly why: string;
      /** Values that others told all the same, by arm. */
      readonly values?: { readonly stable: ArmValues; readonly canary: ArmValues };
    };

/** Less than a few scrapes tell nothing. */
export const shortestWindowMs = 1000;

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

/** What was told of an arm; missing when nobody asked for it. */
export function valueOf(arm: ArmMeasurement, metric: ValueName): ToldValue {
  const found = arm[metric] ?? notAsked(metric);
  return 'value' in found ? measuredValue(found.value) : found;
}

/** Not a number and infinities, as of a division by nothing, are no data. */
export function measuredValue(value: number): MeasuredValue | Missing {
  return Number.isFinite(value) ? { value } : { missing: `the value is ${value}` };
}

const nobodyMeasured = { kind: 'providerError', why: 'nobody measured' } as const;

function notAsked(metric: MetricName): Missing {
  return { missing: `nobody asked for ${metric}` };
}
