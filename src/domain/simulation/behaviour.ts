import erfc from '@stdlib/math-base-special-erfc';
import type { CostName, ShareName, SizeName } from '../metrics/metrics.ts';

/** Sizes whose logarithms are normal: latencies and lengths of answers are about that. */
export interface LogNormal {
  /** In the metric's unit. */
  readonly median: number;
  /** Standard deviation of the natural logarithm: at 0.5 the p99 is 3.2 times the median. */
  readonly spread: number;
}

/** What requests cost. */
export interface Cost {
  readonly mean: number;
  readonly deviation: number;
}

/** What an arm does to its requests. */
export interface Behaviour {
  /** Of the bad: `user-satisfaction` is of those who are not satisfied. */
  readonly shares: Readonly<Record<ShareName, number>>;
  readonly sizes: Readonly<Record<SizeName, LogNormal>>;
  readonly costs: Readonly<Record<CostName, Cost>>;
}

/** Of all requests those that are counted for a share: few people rate an answer. */
export const countedShare: Readonly<Record<ShareName, number>> = {
  'error-rate': 1,
  'length-share': 1,
  'repetition-share': 1,
  'user-satisfaction': 0.02,
};

/** A service in which nothing is wrong: made up, of the size that chat with a model of some ten billion parameters has. */
export const usual: Behaviour = {
  shares: { 'error-rate': 0.0002, 'length-share': 0.05, 'repetition-share': 0.001, 'user-satisfaction': 0.1 },
  sizes: {
    'e2e-latency': { median: 4, spread: 0.5 },
    ttft: { median: 0.2, spread: 0.5 },
    'inter-token-latency': { median: 0.02, spread: 0.3 },
    'latency-per-output-token': { median: 0.02, spread: 0.2 },
    'queue-time': { median: 0.1, spread: 1 },
    'tokens-per-request': { median: 200, spread: 0.6 },
  },
  // Of such answers to prompts of the same size, at the built-in prices.
  costs: {
    'cost-per-request': { mean: 300e-6, deviation: 200e-6 },
    'cost-per-1k-tokens': { mean: 1.25e-3, deviation: 0.3e-3 },
  },
};

const vllmSeconds = [
  0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
];
const tokenSeconds = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
];

/**
 * Upper bounds of the buckets in which requests are counted, without infinity: Envoy's for the latency, those of vLLM
 * 0.32.0 for everything else. Coarse buckets are what makes small changes of a quantile hard to prove.
 */
export const bucketBounds: Readonly<Record<SizeName, readonly number[]>> = {
  'e2e-latency': [
    0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600, 1800, 3600,
  ],
  ttft: [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160,
    640, 2560,
  ],
  'inter-token-latency': tokenSeconds,
  'latency-per-output-token': tokenSeconds,
  'queue-time': vllmSeconds,
  'tokens-per-request': [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
};

/** The share of sizes up to `bound`. */
export function shareUpTo(bound: number, { median, spread }: LogNormal): number {
  return erfc(-Math.log(bound / median) / (spread * Math.SQRT2)) / 2;
}
