import type { ArmMeasurement, MissingArm } from './measurement.ts';
import type { Finding } from './finding.ts';
import { countOf, quantile, type Quantile } from './quantile.ts';
import { duration, times } from './wording.ts';

export interface ComparedArms {
  readonly stable: ArmMeasurement | MissingArm;
  readonly canary: ArmMeasurement;
}

/**
 * The canary's p99 latency divided by stable's; passes strictly below `maxRatio`. Both arms need `minimumSamples`
 * timed requests: a p99 of few is chance, whichever arm it is of.
 *
 * Where a p99 lies beyond its last finite bucket only that bound is known. A canary's that is too slow even so fails;
 * any other comparison with it is inconclusive, for the true ratio may be on either side of the limit.
 */
export function judgeP99Latency(maxRatio: number, minimumSamples: number, arms: ComparedArms): Finding {
  const needed = Math.max(1, minimumSamples);
  const samples = countOf(arms.canary.latency);
  const canary = quantile(0.99, arms.canary.latency);
  if (canary === null || samples < needed) {
    const sentence = `p99 latency not judged: ${samples} requests were timed, ${needed} are needed`;
    return { outcome: 'inconclusive', gap: 'tooFewSamples', value: null, samples, sentence };
  }
  if ('missing' in arms.stable) {
    const sentence = `p99 latency not compared: ${said(canary)}, and nothing of stable: ${arms.stable.missing}`;
    return { outcome: 'inconclusive', gap: 'armsNotComparable', value: null, samples, sentence };
  }
  const compared = countOf(arms.stable.latency);
  const stable = quantile(0.99, arms.stable.latency);
  if (stable === null || stable.seconds <= 0 || compared < needed) {
    const sentence =
      `p99 latency not compared: ${said(canary)}, ` +
      `but only ${compared} requests of stable were timed, ${needed} are needed`;
    return { outcome: 'inconclusive', gap: 'armsNotComparable', value: null, samples, sentence };
  }
  return compare({ maxRatio, samples, canary, stable });
}

interface Comparison {
  readonly maxRatio: number;
  readonly samples: number;
  readonly canary: Quantile;
  readonly stable: Quantile;
}

function compare({ maxRatio, samples, canary, stable }: Comparison): Finding {
  const ratio = canary.seconds / stable.seconds;
  const limit = `limit < ${times(maxRatio)}`;
  const bound = boundOf(canary, stable);
  const within = ratio < maxRatio;
  // A bound helps only where the true ratio can but lie further on the same side.
  if (bound === 'unknown' || (bound === 'at least' && within) || (bound === 'at most' && !within)) {
    const sentence = `p99 latency not compared: ${said(canary)}, stable's ${said(stable)}, ${limit}`;
    return { outcome: 'inconclusive', gap: 'armsNotComparable', value: null, samples, sentence };
  }
  const howMuch = `${bound === 'exact' ? '' : `${bound} `}${times(ratio, maxRatio)}`;
  return {
    outcome: within ? 'pass' : 'fail',
    gap: null,
    value: ratio,
    samples,
    sentence: `p99 ${said(canary)}, ${howMuch} stable's ${said(stable)}, ${limit}`,
  };
}

/** What the ratio of the two that are known says about the true one. */
function boundOf(canary: Quantile, stable: Quantile): 'exact' | 'at least' | 'at most' | 'unknown' {
  if (canary.beyondBuckets) return stable.beyondBuckets ? 'unknown' : 'at least';
  return stable.beyondBuckets ? 'at most' : 'exact';
}

function said({ seconds, beyondBuckets }: Quantile): string {
  return beyondBuckets ? `over ${duration(seconds)} (beyond the last bucket)` : duration(seconds);
}
