import { describe, expect, test } from '@jest/globals';
import { judgeCriterion } from '../../../src/domain/analysis/judge.ts';
import type { Amounts, Measurement } from '../../../src/domain/analysis/measurement.ts';
import type { Standard } from '../../../src/domain/analysis/standard.ts';
import { costPerRequest } from '../../../src/domain/cost/request-costs.ts';
import { tokenPrices } from '../../../src/domain/cost/token-prices.ts';
import type { ArmCost } from '../../../src/domain/plan/metrics-plan.ts';
import type { Criterion } from '../../../src/domain/plan/plan.ts';
import { onceLooked } from '../../../src/domain/statistics/looking.ts';

const twice: Criterion = { metric: 'cost-per-request', maxRatio: 2 };
const proven: Standard = {
  evidence: 'proven',
  minimumSamples: 100,
  alpha: { fail: 0.01, pass: 0.05 },
  looking: onceLooked,
};

const costs = (stable: Amounts, canary: Amounts): Measurement => {
  return { kind: 'measured', stable: { 'cost-per-request': stable }, canary: { 'cost-per-request': canary } };
};
const amounts = (mean: number, count: number, deviation = mean) => ({ count, mean, deviation });

describe('cost per request, at most twice stable’s', () => {
  test.each([
    { name: 'as stable', ratio: 1, canary: 1000, outcome: 'pass' },
    { name: 'just below', ratio: 1.95, canary: 1000, outcome: 'inconclusive' },
    { name: 'just above', ratio: 2.05, canary: 1000, outcome: 'inconclusive' },
    { name: 'three times', ratio: 3, canary: 1000, outcome: 'fail' },
    { name: 'three times, of few', ratio: 3, canary: 20, outcome: 'inconclusive' },
  ])('$name, of $canary requests: $outcome', ({ ratio, canary, outcome }) => {
    const verdict = judgeCriterion(
      twice,
      proven,
      costs(amounts(0.001, 9000), amounts(ratio * 0.001, canary)),
    );
    expect(verdict.outcome).toBe(outcome);
  });

  test('of fewer than a hundred requests nothing is proven, however dear they are', () => {
    const of = (count: number) => {
      const few = { ...proven, minimumSamples: 1 };
      return judgeCriterion(twice, few, costs(amounts(0.001, 9000), amounts(0.1, count, 0.001))).outcome;
    };
    expect(of(99)).toBe('inconclusive');
    expect(of(100)).toBe('fail');
  });

  test('the sentence has both, and the interval', () => {
    const { sentence } = judgeCriterion(twice, proven, costs(amounts(0.001, 9000), amounts(0.003, 1000)));
    expect(sentence).toMatch(
      /^cost per request 0\.003, 3 x stable's 0\.001 \(2\.\d+ x to 3\.\d+ x\), limit < 2 x$/,
    );
  });

  test('free stable requests compare with nothing', () => {
    const verdict = judgeCriterion(twice, proven, costs(amounts(0, 9000), amounts(0.001, 1000)));
    expect(verdict).toMatchObject({ outcome: 'inconclusive', gap: 'armsNotComparable' });
  });

  test('a canary that vLLM tells no tokens of is without data', () => {
    const measurement: Measurement = {
      kind: 'measured',
      stable: { 'cost-per-request': amounts(0.001, 9000) },
      canary: { 'cost-per-request': { missing: 'vLLM has no vllm:request_prompt_tokens' } },
    };
    expect(judgeCriterion(twice, proven, measurement)).toMatchObject({
      outcome: 'inconclusive',
      gap: 'noData',
    });
  });
});

/** R9.6: ten pods of stable have 99 % of the traffic, one pod of the canary 1 %: 9.9 times the pods for each request. */
test.each<{ name: string; cost: ArmCost }>([
  { name: 'by tokens', cost: { by: 'tokens', inputPerMillion: 0.25, outputPerMillion: 1 } },
  {
    name: 'by capacity',
    cost: { by: 'capacity', gpusPerPod: 1, perGpuHour: 'H100-SXM', outputTokensPerSecond: 2000 },
  },
])('an idle canary is as dear as stable, $name', ({ cost }) => {
  const requests = { stable: 35_640, canary: 360 };
  const naiveRatio = 1 / requests.canary / (10 / requests.stable);
  expect(naiveRatio).toBeCloseTo(9.9, 1);
  const of = (count: number) =>
    costPerRequest(
      { input: { count, mean: 800, deviation: 500 }, output: { count, mean: 240, deviation: 150 } },
      tokenPrices(cost),
    );
  const verdict = judgeCriterion(twice, proven, costs(of(requests.stable), of(requests.canary)));
  expect(verdict).toMatchObject({ outcome: 'pass', value: 1 });
});
