import type { KnownEstimate, NoEstimate } from './finding.ts';
import type { ArmMeasurement, MissingArm } from './measurement.ts';
import { countOf, quantile, type Quantile } from './quantile.ts';
import { quantileInterval } from './quantile-bounds.ts';
import type { Standard } from './standard.ts';
import { duration, times } from './wording.ts';

export interface ComparedArms {
  readonly stable: ArmMeasurement | MissingArm;
  readonly canary: ArmMeasurement;
}

/**
 * The canary's p99 latency divided by stable's. Half of the doubt is about each arm's p99.
 *
 * Where a p99 lies beyond its last finite bucket only that bound is known, and the ratio is a bound too.
 */
export function estimateP99Latency(
  arms: ComparedArms,
  standard: Standard,
  limit: number,
): KnownEstimate | NoEstimate {
  const needed = Math.max(1, standard.minimumSamples);
  const samples = countOf(arms.canary.latency);
  const canary = quantile(0.99, arms.canary.latency);
  if (canary === null) {
    return { gap: 'tooFewSamples', samples, sentence: 'p99 latency not judged: no request was timed' };
  }
  const nothing = (why: string): NoEstimate => {
    return {
      gap: 'armsNotComparable',
      samples,
      sentence: `p99 latency not compared: ${said(canary)}, ${why}`,
    };
  };
  if ('missing' in arms.stable) return nothing(`and nothing of stable: ${arms.stable.missing}`);
  const compared = countOf(arms.stable.latency);
  const stable = quantile(0.99, arms.stable.latency);
  if (stable === null || stable.seconds <= 0 || compared < needed)
    return nothing(`but only ${compared} requests of stable were timed, ${needed} are needed`);

  const value = canary.seconds / stable.seconds;
  const known = boundOf(canary, stable);
  const howMuch = `${known === 'exactly' ? '' : `${known} `}${times(value, limit)}`;
  return {
    gap: null,
    value,
    interval: intervalOfRatio(arms.canary, arms.stable, standard),
    known,
    samples,
    said:
      known === 'not at all'
        ? `p99 ${said(canary)}, stable's ${said(stable)}`
        : `p99 ${said(canary)}, ${howMuch} stable's ${said(stable)}`,
    written: times,
  };
}

function intervalOfRatio(
  canary: ArmMeasurement,
  stable: ArmMeasurement,
  { bounds, alpha }: Standard,
): KnownEstimate['interval'] {
  const [fail, pass] = [alpha.fail / 2, alpha.pass / 2];
  const own = quantileInterval(0.99, canary.latency, bounds, { low: fail, high: pass });
  const other = quantileInterval(0.99, stable.latency, bounds, { low: pass, high: fail });
  return {
    low: other.high === null ? 0 : own.low / other.high,
    high: own.high === null || other.low === 0 ? null : own.high / other.low,
  };
}

/** What the ratio of the two that are known says about the true one. */
function boundOf(canary: Quantile, stable: Quantile): KnownEstimate['known'] {
  if (canary.beyondBuckets) return stable.beyondBuckets ? 'not at all' : 'at least';
  return stable.beyondBuckets ? 'at most' : 'exactly';
}

function said({ seconds, beyondBuckets }: Quantile): string {
  return beyondBuckets ? `over ${duration(seconds)} (beyond the last bucket)` : duration(seconds);
}
