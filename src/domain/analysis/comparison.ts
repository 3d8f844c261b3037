import type { ArmEstimate } from './arm-estimate.ts';
import type { KnownEstimate } from './finding.ts';

/** The canary against stable: an estimate as of one arm, but for what people read. */
export type Comparison = Pick<KnownEstimate, 'value' | 'interval' | 'known'>;

/**
 * The canary's value divided by stable's. Both intervals hold at once, each at half of the doubt, so that the quotient of
 * their far ends bounds that of the true values.
 *
 * Nothing of nothing is 0: a canary without failures is no worse than anything.
 */
export function ratioOf(canary: ArmEstimate, stable: ArmEstimate): Comparison {
  const { low, high } = canary.interval;
  const other = stable.interval;
  return {
    value: canary.value === 0 ? 0 : canary.value / stable.value,
    known: knownOf(canary, stable),
    interval: {
      low: low === 0 || other.high === null ? 0 : low / other.high,
      high: high === null || other.low === 0 ? null : high / other.low,
    },
  };
}

/** The canary's value less stable's; its interval as that of {@link ratioOf}. */
export function differenceOf(canary: ArmEstimate, stable: ArmEstimate): Comparison {
  const { low, high } = canary.interval;
  const other = stable.interval;
  return {
    value: canary.value - stable.value,
    known: knownOf(canary, stable),
    interval: {
      low: other.high === null ? -Infinity : low - other.high,
      high: high === null ? null : high - other.low,
    },
  };
}

/** What the comparison of two values says of the true ones, where either lies beyond its last bucket. */
function knownOf(canary: ArmEstimate, stable: ArmEstimate): KnownEstimate['known'] {
  if (canary.beyondBuckets) return stable.beyondBuckets ? 'not at all' : 'at least';
  return stable.beyondBuckets ? 'at most' : 'exactly';
}
