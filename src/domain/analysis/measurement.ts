/** Counts of one arm over one window. */
export interface ArmMeasurement {
  /** Requests that ended. */
  readonly requests: number;
  /** Of these, failed. */
  readonly failed: number;
  /** Cumulative counts by upper bound in seconds, rising; the last bound is Infinity (null in JSON). */
  readonly latency: readonly Bucket[];
}

export interface Bucket {
  /** Upper bound in seconds, inclusive; null is infinity, which JSON cannot hold. */
  readonly upTo: number | null;
  readonly count: number;
}

/** An arm without series of its own says nothing about the other one. */
export interface MissingArm {
  /** Why there is nothing, for people. */
  readonly missing: string;
}

/** Both arms over the same window, or why there is nothing. Missing data is never zero. */
export type Measurement =
  | {
      readonly kind: 'measured';
      readonly stable: ArmMeasurement | MissingArm;
      readonly canary: ArmMeasurement | MissingArm;
    }
  | { readonly kind: 'noData'; readonly why: string }
  | { readonly kind: 'providerError'; readonly why: string };

/** The measurement over this window; no data when it was not asked for. */
export function measuredOver(measurements: ReadonlyMap<number, Measurement>, windowMs: number): Measurement {
  return measurements.get(windowMs) ?? { kind: 'noData', why: 'nobody measured' };
}
