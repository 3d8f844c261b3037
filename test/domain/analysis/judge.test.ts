import { describe, expect, test } from '@jest/globals';
import { judgeCriterion } from '../../../src/domain/analysis/judge.ts';
import type { Measurement } from '../../../src/domain/analysis/measurement.ts';
import type { Standard } from '../../../src/domain/analysis/standard.ts';
import { combine } from '../../../src/domain/analysis/verdict.ts';
import type { Evidence } from '../../../src/domain/plan/evidence.ts';
import type { Criterion } from '../../../src/domain/plan/plan.ts';
import { onceLooked } from '../../../src/domain/statistics/looking.ts';
import { arm, latencyBeyond, latencyWithP99, likelyLatency, measured } from './arms.ts';

const errorRate: Criterion = { metric: 'error-rate', max: 0.01 };
const p99Latency: Criterion = { metric: 'e2e-latency', quantile: 0.99, maxRatio: 3 };

/** One look, at 5 % of doubt on each side. */
function standard(evidence: Evidence, minimumSamples: number): Standard {
  return { evidence, minimumSamples, alpha: { fail: 0.05, pass: 0.05 }, looking: onceLooked };
}
const points = (minimumSamples: number) => standard('estimate', minimumSamples);

describe('error rate', () => {
  test.each([
    { name: 'no failure', failed: 0, outcome: 'pass' },
    { name: 'below the limit', failed: 9, outcome: 'pass' },
    { name: 'the limit itself', failed: 10, outcome: 'fail' },
    { name: 'above the limit', failed: 11, outcome: 'fail' },
    { name: 'every request failed', failed: 1000, outcome: 'fail' },
  ])('$name: $outcome', ({ failed, outcome }) => {
    const verdict = judgeCriterion(errorRate, points(50), measured({ failed }));
    expect(verdict).toMatchObject({ outcome, gap: null, value: failed / 1000, limit: 0.01, samples: 1000 });
  });

  test('says it in one sentence', () => {
    const { sentence } = judgeCriterion(errorRate, points(50), measured({ requests: 412, failed: 9 }));
    expect(sentence).toBe('error rate 2.2 % of 412 requests, limit < 1 %');
  });

  test.each([
    { name: 'with a value', requests: 412 },
    { name: 'without one', requests: 0 },
  ])('the sentence comes first, for JSON is shown in this order: $name', ({ requests }) => {
    const verdict = judgeCriterion(errorRate, points(50), measured({ requests }));
    expect(Object.keys(verdict).slice(0, 2)).toEqual(['sentence', 'outcome']);
  });

  test('failures of stable do not count against the canary', () => {
    expect(judgeCriterion(errorRate, points(50), measured({}, { failed: 1000 })).outcome).toBe('pass');
  });

  test.each([
    { name: 'one request too few', requests: 49, failed: 0, minimumSamples: 50 },
    { name: 'one too few, all failed', requests: 49, failed: 49, minimumSamples: 50 },
    { name: 'none at all', requests: 0, failed: 0, minimumSamples: 50 },
    { name: 'none at all, and none asked for', requests: 0, failed: 0, minimumSamples: 0 },
  ])('$name: inconclusive, without a value', ({ requests, failed, minimumSamples }) => {
    expect(judgeCriterion(errorRate, points(minimumSamples), measured({ requests, failed }))).toMatchObject({
      outcome: 'inconclusive',
      gap: 'tooFewSamples',
      value: null,
      samples: requests,
    });
  });

  test('just enough requests are enough', () => {
    expect(judgeCriterion(errorRate, points(50), measured({ requests: 50 })).outcome).toBe('pass');
  });
});

describe('p99 latency', () => {
  test.each([
    { name: 'as fast as stable', seconds: 0.125, outcome: 'pass', value: 1 },
    { name: 'below the limit', seconds: 0.3125, outcome: 'pass', value: 2.5 },
    { name: 'the limit itself', seconds: 0.375, outcome: 'fail', value: 3 },
    { name: 'above the limit', seconds: 0.425, outcome: 'fail', value: 3.4 },
  ])('$name: $outcome', ({ seconds, outcome, value }) => {
    const verdict = judgeCriterion(p99Latency, points(100), measured({ latency: latencyWithP99(seconds) }));
    expect(verdict).toMatchObject({ outcome, gap: null, limit: 3, samples: 1000 });
    expect(verdict.value).toBeCloseTo(value, 9);
  });

  test('says it in one sentence', () => {
    const arms = measured({ latency: latencyWithP99(0.18) }, { latency: latencyWithP99(0.053) });
    const { sentence } = judgeCriterion(p99Latency, points(100), arms);
    expect(sentence).toBe("p99 latency 180 ms, 3.4 x stable's 53 ms, limit < 3 x");
  });

  test('counts the requests that were timed, not those that ended', () => {
    const arms = measured({ requests: 1000, latency: latencyWithP99(0.1, 99) });
    expect(judgeCriterion(p99Latency, points(100), arms)).toMatchObject({
      gap: 'tooFewSamples',
      samples: 99,
    });
  });

  test.each([
    { name: 'no sample of the canary', canary: [], stable: latencyWithP99(0.1), gap: 'tooFewSamples' },
    { name: 'no sample of stable', canary: latencyWithP99(0.1), stable: [], gap: 'armsNotComparable' },
    {
      name: 'too few samples of stable',
      canary: latencyWithP99(0.1),
      stable: latencyWithP99(0.1, 50),
      gap: 'armsNotComparable',
    },
    { name: 'no sample of either', canary: [], stable: [], gap: 'tooFewSamples' },
  ])('$name: inconclusive', ({ canary, stable, gap }) => {
    const verdict = judgeCriterion(
      p99Latency,
      points(100),
      measured({ latency: canary }, { latency: stable }),
    );
    expect(verdict).toMatchObject({ outcome: 'inconclusive', gap, value: null });
  });

  test('a canary beyond its last bucket that is too slow even so fails, and says so', () => {
    const arms = measured({ latency: latencyBeyond(60) }, { latency: latencyWithP99(10) });
    expect(judgeCriterion(p99Latency, points(100), arms)).toMatchObject({
      outcome: 'fail',
      value: 6,
      sentence: "p99 latency over 60 s (beyond the last bucket), at least 6 x stable's 10 s, limit < 3 x",
    });
  });

  test('a canary beyond its last bucket that may be fast enough is no pass', () => {
    const arms = measured({ latency: latencyBeyond(60) }, { latency: latencyWithP99(50) });
    expect(judgeCriterion(p99Latency, points(100), arms)).toMatchObject({
      outcome: 'inconclusive',
      gap: 'armsNotComparable',
    });
  });

  test('stable beyond its last bucket: the canary is faster still', () => {
    const arms = measured({ latency: latencyWithP99(50) }, { latency: latencyBeyond(60) });
    const verdict = judgeCriterion(p99Latency, points(100), arms);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.sentence).toContain('at most 0.83 x stable');
  });

  test('both beyond their last bucket: nobody knows', () => {
    const arms = measured({ latency: latencyBeyond(60) }, { latency: latencyBeyond(60) });
    expect(judgeCriterion(p99Latency, points(100), arms)).toMatchObject({
      outcome: 'inconclusive',
      gap: 'armsNotComparable',
    });
  });
});

describe('what was not measured', () => {
  const none = { missing: 'the canary has no series' };
  const absent: { name: string; measurement: Measurement; sentence: string }[] = [
    {
      name: 'noData',
      measurement: { kind: 'measured', stable: arm(), canary: { 'error-rate': none, 'e2e-latency': none } },
      sentence: 'error rate not judged, no data: the canary has no series',
    },
    {
      name: 'providerError',
      measurement: { kind: 'providerError', why: 'no answer within 5 s' },
      sentence: 'error rate not judged, metrics provider failed: no answer within 5 s',
    },
  ];

  test.each(absent)('$name is inconclusive, with the gap kept apart', ({ name, measurement, sentence }) => {
    expect(judgeCriterion(errorRate, points(0), measurement)).toEqual({
      outcome: 'inconclusive',
      metric: 'error-rate',
      gap: name,
      value: null,
      interval: null,
      limit: 0.01,
      samples: 0,
      sentence,
    });
  });

  test.each(absent)('$name is no breach of a guard and no pass of a gate', ({ measurement }) => {
    const verdict = judgeCriterion(p99Latency, standard('noBreach', 0), measurement);
    expect(verdict.outcome).toBe('inconclusive');
    expect(combine([verdict])).toBe('inconclusive');
  });
});

describe('proof', () => {
  /** Bounds of Clopper and Pearson, by another implementation (SciPy 1.17, scipy.stats.beta.ppf). */
  const known = [
    { failed: 0, requests: 2995, low: 0, high: 0.000_999_75 },
    { failed: 5, requests: 1000, low: 0.001_972_15, high: 0.010_484_08 },
  ];

  test.each(known)(
    '$failed of $requests: its interval is in the verdict',
    ({ failed, requests, low, high }) => {
      const { interval } = judgeCriterion(errorRate, standard('proven', 1), measured({ failed, requests }));
      expect(interval?.low).toBeCloseTo(low, 7);
      expect(interval?.high).toBeCloseTo(high, 7);
    },
  );

  test.each([
    { failed: 0, requests: 298, proven: 'inconclusive', noBreach: 'pass' },
    { failed: 0, requests: 299, proven: 'pass', noBreach: 'pass' },
    { failed: 5, requests: 1000, proven: 'inconclusive', noBreach: 'pass' },
    { failed: 15, requests: 1000, proven: 'inconclusive', noBreach: 'pass' },
    { failed: 16, requests: 1000, proven: 'fail', noBreach: 'fail' },
    { failed: 2, requests: 2, proven: 'fail', noBreach: 'fail' },
  ])(
    '$failed of $requests against 1 %: $proven; whether there is a breach: $noBreach',
    ({ failed, requests, proven, noBreach }) => {
      const arms = measured({ failed, requests });
      expect(judgeCriterion(errorRate, standard('proven', 1), arms).outcome).toBe(proven);
      expect(judgeCriterion(errorRate, standard('noBreach', 1), arms).outcome).toBe(noBreach);
    },
  );

  test('with too few requests nothing passes, and what is proven fails all the same', () => {
    const few = measured({ failed: 0, requests: 40 });
    for (const evidence of ['proven', 'noBreach'] as const) {
      expect(judgeCriterion(errorRate, standard(evidence, 50), few)).toMatchObject({
        outcome: 'inconclusive',
        gap: 'tooFewSamples',
      });
      const bad = measured({ failed: 20, requests: 40 });
      expect(judgeCriterion(errorRate, standard(evidence, 50), bad).outcome).toBe('fail');
    }
  });

  test.each([
    {
      evidence: 'proven' as const,
      failed: 17,
      sentence: 'error rate 1.7 % of 1000 requests (1.1 % to 2.5 %), limit < 1 %',
    },
    {
      evidence: 'proven' as const,
      failed: 9,
      sentence: 'error rate 0.9 % of 1000 requests (0.47 % to 1.6 %), limit < 1 %: not proven yet',
    },
    {
      evidence: 'noBreach' as const,
      failed: 0,
      sentence: 'error rate 0 % of 1000 requests (at most 0.3 %), limit < 1 %',
    },
    {
      evidence: 'noBreach' as const,
      failed: 9,
      sentence: 'error rate 0.9 % of 1000 requests (0.47 % to 1.6 %), limit < 1 %: no breach proven',
    },
  ])('says what is proven: $sentence', ({ evidence, failed, sentence }) => {
    expect(judgeCriterion(errorRate, standard(evidence, 1), measured({ failed })).sentence).toBe(sentence);
  });

  test.each([
    { seconds: 0.125, count: 1000, outcome: 'pass' },
    { seconds: 0.125, count: 200, outcome: 'inconclusive' },
    { seconds: 0.4, count: 10_000, outcome: 'inconclusive' },
    { seconds: 0.6, count: 10_000, outcome: 'fail' },
  ])('a p99 of $seconds s in $count requests against 3 times 0.125 s: $outcome', (canary) => {
    const arms = measured(
      { latency: likelyLatency(canary.seconds, canary.count) },
      { latency: likelyLatency(0.125, canary.count) },
    );
    expect(judgeCriterion(p99Latency, standard('proven', 1), arms).outcome).toBe(canary.outcome);
  });

  test('a p99 that nobody can bound from above is no pass', () => {
    const arms = measured({ latency: latencyBeyond(60) }, { latency: latencyWithP99(50) });
    expect(judgeCriterion(p99Latency, standard('proven', 1), arms)).toMatchObject({
      outcome: 'inconclusive',
      interval: { high: null },
    });
  });
});
