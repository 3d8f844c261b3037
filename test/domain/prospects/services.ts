import type { Bucket } from '../../../src/domain/analysis/measurement.ts';
import type { Traffic } from '../../../src/domain/prospects/traffic.ts';

const hourMs = 3_600_000;

/** A service over the last hour: this share of its requests failed, nine of ten took up to a second, all up to 2.5 s. */
export function service(requestsPerSecond: number, errorShare: number): Traffic {
  const total = requestsPerSecond * 3600;
  const buckets: Bucket[] = [
    { upTo: 0.5, count: total * 0.5 },
    { upTo: 1, count: total * 0.9 },
    { upTo: 2.5, count: total },
    { upTo: 5, count: total },
    { upTo: 10, count: total },
    { upTo: null, count: total },
  ];
  const stable = { 'error-rate': { bad: total * errorShare, total }, 'e2e-latency': { buckets } };
  return { windowMs: hourMs, requestsPerSecond, stable };
}
