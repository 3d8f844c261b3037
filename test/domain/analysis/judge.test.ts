import { describe, expect, test } from '@jest/globals';
import { judgeCriterion, judgeGuard } from '../../../src/domain/analysis/judge.ts';
import type { Measurement } from '../../../src/domain/analysis/measurement.ts';
import { combine } from '../../../src/domain/analysis/verdict.ts';
import type { Criterion } from '../../../src/domain/plan/plan.ts';
import { latencyBeyond, latencyWithP99, measured } from './arms.ts';

const errorRate: Criterion = { metric: 'error-rate', maxShare: 0.01 };
const p99Latency: Criterion = { metric: 'p99-latency', maxRatio: 3 };

describe('error rate', () => {
  test.each([
    { name: 'no failure', failed: 0, outcome: 'pass' },
    { name: 'below the limit', failed: 9, outcome: 'pass' },
    { name: 'the limit itself', failed: 10, outcome: 'fail' },
    { name: 'above the limit', failed: 11, outcome: 'fail' },
    { name: 'every request failed', failed: 1000, outcome: 'fail' },
  ])('$name: $outcome', ({ failed, outcome }) => {
    const verdict = judgeCriterion(errorRate, 50, measured({ failed }));
    expect(verdict).toMatchObject({ outcome, gap: null, value: failed / 1000, limit: 0.01, samples: 1000 });
  });

  test('says it in one sentence', () => {
    const { sentence } = judgeCriterion(errorRate, 50, measured({ requests: 412, failed: 9 }));
    expect(sentence).toBe('error rate 2.2 % of 412 requests, limit < 1 %');
  });

  test('failures of stable do not count against the canary', () => {
    expect(judgeCriterion(errorRate, 50, measured({}, { failed: 1000 })).outcome).toBe('pass');
  });

  test.each([
    { name: 'one request too few', requests: 49, failed: 0, minimumSamples: 50 },
    { name: 'one too few, all failed', requests: 49, failed: 49, minimumSamples: 50 },
    { name: 'none at all', requests: 0, failed: 0, minimumSamples: 50 },
    { name: 'none at all, and none asked for', requests: 0, failed: 0, minimumSamples: 0 },
  ])('$name: inconclusive, without a value', ({ requests, failed, minimumSamples }) => {
    expect(judgeCriterion(errorRate, minimumSamples, measured({ requests, failed }))).toMatchObject({
      outcome: 'inconclusive',
      gap: 'tooFewSamples',
      value: null,
      samples: requests,
    });
  });

  test('just enough requests are enough', () => {
    expect(judgeCriterion(errorRate, 50, measured({ requests: 50 })).outcome).toBe('pass');
  });
});

describe('p99 latency', () => {
  test.each([
    { name: 'as fast as stable', seconds: 0.125, outcome: 'pass', value: 1 },
    { name: 'below the limit', seconds: 0.3125, outcome: 'pass', value: 2.5 },
    { name: 'the limit itself', seconds: 0.375, outcome: 'fail', value: 3 },
    { name: 'above the limit', seconds: 0.425, outcome: 'fail', value: 3.4 },
  ])('$name: $outcome', ({ seconds, outcome, value }) => {
    const verdict = judgeCriterion(p99Latency, 100, measured({ latency: latencyWithP99(seconds) }));
    expect(verdict).toMatchObject({ outcome, gap: null, limit: 3, samples: 1000 });
    expect(verdict.value).toBeCloseTo(value, 9);
  });

  test('says it in one sentence', () => {
    const arms = measured({ latency: latencyWithP99(0.18) }, { latency: latencyWithP99(0.053) });
    const { sentence } = judgeCriterion(p99Latency, 100, arms);
    expect(sentence).toBe("p99 180 ms, 3.4 x stable's 53 ms, limit < 3 x");
  });

  test('counts the requests that were timed, not those that ended', () => {
    const arms = measured({ requests: 1000, latency: latencyWithP99(0.1, 99) });
    expect(judgeCriterion(p99Latency, 100, arms)).toMatchObject({ gap: 'tooFewSamples', samples: 99 });
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
    const verdict = judgeCriterion(p99Latency, 100, measured({ latency: canary }, { latency: stable }));
    expect(verdict).toMatchObject({ outcome: 'inconclusive', gap, value: null });
  });

  test('a canary beyond its last bucket that is too slow even so fails, and says so', () => {
    const arms = measured({ latency: latencyBeyond(60) }, { latency: latencyWithP99(10) });
    expect(judgeCriterion(p99Latency, 100, arms)).toMatchObject({
      outcome: 'fail',
      value: 6,
      sentence: "p99 over 60 s (beyond the last bucket), at least 6 x stable's 10 s, limit < 3 x",
    });
  });

  test('a canary beyond its last bucket that may be fast enough is no pass', () => {
    const arms = measured({ latency: latencyBeyond(60) }, { latency: latencyWithP99(50) });
    expect(judgeCriterion(p99Latency, 100, arms)).toMatchObject({
      outcome: 'inconclusive',
      gap: 'armsNotComparable',
    });
  });

  test('stable beyond its last bucket: the canary is faster still', () => {
    const arms = measured({ latency: latencyWithP99(50) }, { latency: latencyBeyond(60) });
    const verdict = judgeCriterion(p99Latency, 100, arms);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.sentence).toContain('at most 0.83 x stable');
  });

  test('both beyond their last bucket: nobody knows', () => {
    const arms = measured({ latency: latencyBeyond(60) }, { latency: latencyBeyond(60) });
    expect(judgeCriterion(p99Latency, 100, arms)).toMatchObject({
      outcome: 'inconclusive',
      gap: 'armsNotComparable',
    });
  });
});

describe('what was not measured', () => {
  const absent: { name: string; measurement: Measurement; sentence: string }[] = [
    {
      name: 'noData',
      measurement: { kind: 'noData', why: 'the canary has no series' },
      sentence: 'error rate not judged, no data: the canary has no series',
    },
    {
      name: 'providerError',
      measurement: { kind: 'providerError', why: 'no answer within 5 s' },
      sentence: 'error rate not judged, metrics provider failed: no answer within 5 s',
    },
  ];

  test.each(absent)('$name is inconclusive, with the gap kept apart', ({ name, measurement, sentence }) => {
    expect(judgeCriterion(errorRate, 0, measurement)).toEqual({
      outcome: 'inconclusive',
      metric: 'error-rate',
      gap: name,
      value: null,
      limit: 0.01,
      samples: 0,
      sentence,
    });
  });

  test.each(absent)('$name is no breach of a guard and no pass of a gate', ({ measurement }) => {
    const guard = { criterion: p99Latency, minimumSamples: 0, sustainedForMs: 0, windowMs: 60_000 };
    const verdict = judgeGuard(guard, measurement);
    expect(verdict.outcome).toBe('inconclusive');
    expect(combine([verdict])).toBe('inconclusive');
  });
});

test('a guard is held against its own criterion and samples', () => {
  const guard = { criterion: errorRate, minimumSamples: 2000, sustainedForMs: 0, windowMs: 60_000 };
  expect(judgeGuard(guard, measured({ failed: 500 })).gap).toBe('tooFewSamples');
  expect(judgeGuard({ ...guard, minimumSamples: 1000 }, measured({ failed: 500 })).outcome).toBe('fail');
});
