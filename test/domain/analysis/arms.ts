import type { ArmMeasurement, Bucket, Measurement } from '../../../src/domain/analysis/measurement.ts';

/** 1,000 requests of which ten are over `p99Seconds`: their p99 is just that. */
export function latencyWithP99(p99Seconds: number, count = 1000): Bucket[] {
  return [
    { upTo: p99Seconds, count: count * 0.99 },
    { upTo: p99Seconds * 10, count },
    { upTo: null, count },
  ];
}

/** Latencies as they are: many short ones, ever fewer longer ones (exponential), in buckets of a twentieth of the p99. */
export function likelyLatency(p99Seconds: number, count: number): Bucket[] {
  const mean = p99Seconds / Math.log(100);
  const bounds = Array.from({ length: 200 }, (_, index) => ((index + 1) * p99Seconds) / 20);
  const upTo = (bound: number) => Math.round(count * (1 - Math.exp(-bound / mean)));
  return [...bounds.map((bound) => ({ upTo: bound, count: upTo(bound) })), { upTo: null, count }];
}

/** All requests took longer than the last finite bucket. */
export function latencyBeyond(lastBound: number, count = 1000): Bucket[] {
  return [
    { upTo: lastBound, count: 0 },
    { upTo: null, count },
  ];
}

/** What tests say of an arm; the rest is 1,000 good requests with a p99 of 125 ms. */
export interface ArmFields {
  readonly requests?: number;
  readonly failed?: number;
  readonly latency?: readonly Bucket[];
}

export function arm({
  requests = 1000,
  failed = 0,
  latency = latencyWithP99(0.125),
}: ArmFields = {}): ArmMeasurement {
  return { 'error-rate': { bad: failed, total: requests }, 'e2e-latency': { buckets: latency } };
}

export function measured(
  canary: ArmFields,
  stable: ArmFields = {},
): Extract<Measurement, { kind: 'measured' }> {
  return { kind: 'measured', stable: arm(stable), canary: arm(canary) };
}
