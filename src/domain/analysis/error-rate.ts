import { intervalOf } from '../statistics/bounds.ts';
import type { KnownEstimate, NoEstimate } from './finding.ts';
import type { ArmMeasurement } from './measurement.ts';
import type { Standard } from './standard.ts';
import { percent } from './wording.ts';

/** The share of the canary's requests that failed. */
export function estimateErrorRate(
  { requests, failed }: ArmMeasurement,
  { alpha, bounds }: Standard,
  limit: number,
): KnownEstimate | NoEstimate {
  if (requests === 0) {
    return { gap: 'tooFewSamples', samples: 0, sentence: 'error rate not judged: no request has ended' };
  }
  const value = failed / requests;
  const proportion = { bad: failed, total: requests };
  return {
    gap: null,
    value,
    interval: intervalOf(bounds, proportion, { low: alpha.fail, high: alpha.pass }),
    known: 'exactly',
    samples: requests,
    said: `error rate ${percent(value, limit)} of ${requests} requests`,
    written: percent,
  };
}
