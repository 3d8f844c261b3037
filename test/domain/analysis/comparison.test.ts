import { describe, expect, test } from '@jest/globals';
import { judgeCriterion } from '../../../src/domain/analysis/judge.ts';
import type { ArmMeasurement, Measurement } from '../../../src/domain/analysis/measurement.ts';
import type { Standard } from '../../../src/domain/analysis/standard.ts';
import type { Evidence } from '../../../src/domain/plan/evidence.ts';
import type { Criterion } from '../../../src/domain/plan/plan.ts';
import { onceLooked } from '../../../src/domain/statistics/looking.ts';
import { arm, latencyWithP99, likelyLatency, measured } from './arms.ts';

/** One look, at 5 % of doubt on each side. */
function standard(evidence: Evidence, minimumSamples = 1): Standard {
  return { evidence, minimumSamples, alpha: { fail: 0.05, pass: 0.05 }, looking: onceLooked };
}

function both(canary: ArmMeasurement, stable: ArmMeasurement): Measurement {
  return { kind: 'measured', canary, stable };
}

describe('errors against stable', () => {
  const ratio: Criterion = { metric: 'error-rate', maxRatio: 1.5 };
  const difference: Criterion = { metric: 'error-rate', maxDifference: 0.005 };

  test('point values are divided, or subtracted, and both arms are told', () => {
    const arms = measured({ requests: 1000, failed: 20 }, { requests: 4000, failed: 40 });
    expect(judgeCriterion(ratio, standard('estimate'), arms)).toMatchObject({
      outcome: 'fail',
      value: 2,
      sentence: "error rate 2 % of 1000 requests, 2 x stable's 1 % of 4000 requests, limit < 1.5 x",
    });
    expect(judgeCriterion(difference, standard('estimate'), arms)).toMatchObject({
      outcome: 'fail',
      value: 0.01,
      sentence: "error rate 2 % of 1000 requests, 1 % more than stable's 1 % of 4000 requests, limit < 0.5 %",
    });
  });

  test('a canary that is better passes both', () => {
    const arms = measured({ requests: 1000, failed: 1 }, { requests: 4000, failed: 40 });
    expect(judgeCriterion(ratio, standard('estimate'), arms).outcome).toBe('pass');
    const { outcome, sentence } = judgeCriterion(difference, standard('estimate'), arms);
    expect(outcome).toBe('pass');
    expect(sentence).toContain("0.9 % less than stable's 1 %");
  });

  test.each([
    { name: 'none in either arm', failed: 0, ofStable: 0, outcome: 'pass', value: 0 },
    { name: 'some, and none of stable', failed: 3, ofStable: 0, outcome: 'fail', value: Infinity },
  ])('failures: $name', ({ failed, ofStable, outcome, value }) => {
    const arms = measured({ failed }, { failed: ofStable });
    const verdict = judgeCriterion(ratio, standard('estimate'), arms);
    expect(verdict).toMatchObject({ outcome, value });
    expect(verdict.sentence).not.toContain('Infinity');
  });

  /** Each bound of Clopper and Pearson at an alpha of 0.025, by another implementation (SciPy 1.17, scipy.stats.beta.ppf). */
  test('the interval is that of the far ends of both, each at half of the doubt', () => {
    const arms = measured({ requests: 1000, failed: 20 }, { requests: 4000, failed: 40 });
    const { interval } = judgeCriterion(ratio, standard('proven'), arms);
    expect(interval?.low).toBeCloseTo(0.012_258_268 / 0.013_592_505, 6);
    expect(interval?.high).toBeCloseTo(0.030_720_033 / 0.007_153_487, 5);
    const between = judgeCriterion(difference, standard('proven'), arms).interval;
    expect(between?.low).toBeCloseTo(0.012_258_268 - 0.013_592_505, 6);
    expect(between?.high).toBeCloseTo(0.030_720_033 - 0.007_153_487, 6);
  });

  test.each([
    { failed: 40, stableFailed: 40, requests: 40_000, outcome: 'inconclusive' },
    { failed: 400, stableFailed: 400, requests: 40_000, outcome: 'pass' },
    { failed: 800, stableFailed: 400, requests: 40_000, outcome: 'fail' },
  ])('parity within half as much again: $failed against $stableFailed', (counts) => {
    const { failed, stableFailed, requests, outcome } = counts;
    const arms = measured({ requests, failed }, { requests, failed: stableFailed });
    expect(judgeCriterion(ratio, standard('proven'), arms).outcome).toBe(outcome);
  });

  test('too few requests of stable are no comparison', () => {
    const arms = measured({ requests: 1000 }, { requests: 99 });
    const verdict = judgeCriterion(ratio, standard('estimate', 100), arms);
    expect(verdict).toMatchObject({ outcome: 'inconclusive', gap: 'armsNotComparable', value: null });
    expect(verdict.sentence).toContain('only 99 requests of stable were counted, 100 are needed');
  });
});

describe('sizes', () => {
  const buckets = latencyWithP99(0.5);
  const ttft = (limit: { max: number } | { maxDifference: number }): Criterion => {
    return { metric: 'ttft', quantile: 0.95, ...limit };
  };

  test('of the canary alone: stable need not be there', () => {
    const arms = both({ ttft: { buckets } }, { ttft: { missing: 'gone' } });
    expect(judgeCriterion(ttft({ max: 0.5 }), standard('estimate'), arms)).toMatchObject({
      outcome: 'pass',
      metric: 'ttft p95',
      sentence: 'p95 time to first token 480 ms, limit < 500 ms',
    });
  });

  test('as a difference, in the unit of the metric', () => {
    const arms = both({ ttft: { buckets } }, { ttft: { buckets: latencyWithP99(0.25) } });
    expect(judgeCriterion(ttft({ maxDifference: 0.2 }), standard('estimate'), arms).sentence).toBe(
      "p95 time to first token 480 ms, 240 ms more than stable's 240 ms, limit < 200 ms",
    );
  });

  test('in tokens', () => {
    const tokens: Criterion = { metric: 'tokens-per-request', quantile: 0.5, maxRatio: 1.5 };
    const arms = both(
      { 'tokens-per-request': { buckets: likelyLatency(2000, 5000) } },
      { 'tokens-per-request': { buckets: likelyLatency(1000, 5000) } },
    );
    const { outcome, sentence } = judgeCriterion(tokens, standard('proven'), arms);
    expect(outcome).toBe('fail');
    expect(sentence).toMatch(
      /^p50 tokens per request \d+, 2 x stable's \d+ \(.* x to .* x\), limit < 1\.5 x$/,
    );
  });

  test('one metric that is missing says nothing of another', () => {
    const arms = both({ ...arm(), ttft: { missing: 'vLLM has no such series' } }, arm());
    expect(judgeCriterion(ttft({ max: 1 }), standard('estimate'), arms)).toMatchObject({
      outcome: 'inconclusive',
      gap: 'noData',
      sentence: 'p95 time to first token not judged, no data: vLLM has no such series',
    });
    expect(judgeCriterion({ metric: 'error-rate', max: 0.01 }, standard('estimate'), arms).outcome).toBe(
      'pass',
    );
  });
});
