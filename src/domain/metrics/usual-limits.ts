import type { Limit } from '../plan/plan.ts';
import type { CountedName } from './metrics.ts';

/**
 * What a criterion of a metric keeps when it names no limit. Fixed only where what is good is the same for every service:
 * how long an answer takes, or what it costs, is told by stable.
 */
export const usualLimits: Readonly<Record<CountedName, Limit>> = {
  'error-rate': { max: 0.01 },
  'length-share': { maxDifference: 0.05 },
  'repetition-share': { maxDifference: 0.01 },
  'user-satisfaction': { minDifference: -0.05 },
  'e2e-latency': { maxRatio: 2 },
  ttft: { maxRatio: 2 },
  'inter-token-latency': { maxRatio: 2 },
  'latency-per-output-token': { maxRatio: 2 },
  'queue-time': { maxRatio: 3 },
  'tokens-per-request': { maxRatio: 2 },
  'cost-per-request': { maxRatio: 2 },
  'cost-per-1k-tokens': { maxRatio: 2 },
};
