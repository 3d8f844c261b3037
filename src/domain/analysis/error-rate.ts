import type { ArmMeasurement } from './measurement.ts';
import type { Finding } from './finding.ts';
import { percent } from './wording.ts';

/** The share of the canary's requests that failed; passes strictly below `maxShare`. */
export function judgeErrorRate(maxShare: number, minimumSamples: number, canary: ArmMeasurement): Finding {
  const { requests, failed } = canary;
  const needed = Math.max(1, minimumSamples);
  if (requests < needed) {
    const sentence = `error rate not judged: ${failed} of ${requests} requests failed, ${needed} are needed`;
    return { outcome: 'inconclusive', gap: 'tooFewSamples', value: null, samples: requests, sentence };
  }
  const share = failed / requests;
  return {
    outcome: share < maxShare ? 'pass' : 'fail',
    gap: null,
    value: share,
    samples: requests,
    sentence: `error rate ${percent(share, maxShare)} of ${requests} requests, limit < ${percent(maxShare)}`,
  };
}
