import { describe, expect, test } from '@jest/globals';
import { amountsOf } from '../../../src/adapters/prometheus/amounts.ts';
import { feedback } from '../../../src/adapters/prometheus/feedback.ts';
import type { Count } from '../../../src/adapters/prometheus/source.ts';
import { vllm } from '../../../src/adapters/prometheus/vllm.ts';
import { drawNormal } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { metricsPlan } from '../../support/plans.ts';
import { targetOf } from './targets.ts';

/** As vLLM has them for answers of up to 4,096 tokens. */
const bounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/** What a histogram of these values counts. */
function histogram(name: string, values: readonly number[]): Count[] {
  const count = (suffix: string, value: number, labels = {}) => ({
    name: `${name}_${suffix}`,
    labels,
    value,
  });
  const upTo = (bound: number) => values.filter((it) => it <= bound).length;
  return [
    ...[...bounds, Infinity].map((it) =>
      count('bucket', upTo(it), { le: it === Infinity ? '+Inf' : String(it) }),
    ),
    count('count', values.length),
    count(
      'sum',
      values.reduce((sum, it) => sum + it, 0),
    ),
  ];
}

describe('amounts of a histogram', () => {
  test('the mean is exact; the deviation is about that of the values', () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 4000 }, () => 200 * Math.exp(0.6 * drawNormal(random)));
    const mean = values.reduce((sum, it) => sum + it, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, it) => sum + (it - mean) ** 2, 0) / values.length);
    const told = amountsOf(histogram('tokens', values), 'tokens');
    expect(told.count).toBe(4000);
    expect(told.mean).toBeCloseTo(mean, 9);
    expect(told.deviation).toBeGreaterThan(0.9 * deviation);
    expect(told.deviation).toBeLessThan(1.5 * deviation);
  });

  test('none are none', () => {
    expect(amountsOf(histogram('tokens', []), 'tokens')).toEqual({ count: 0, mean: 0, deviation: 0 });
  });
});

describe('vllm', () => {
  const cost = {
    stable: { by: 'tokens', inputPerMillion: 1, outputPerMillion: 4 },
    canary: { by: 'tokens', inputPerMillion: 2, outputPerMillion: 8 },
  } as const;
  const counts = [
    ...histogram('vllm:request_prompt_tokens', [100, 300]),
    ...histogram('vllm:request_generation_tokens', [50, 150]),
  ];

  test('each arm has its own prices', () => {
    const source = vllm(metricsPlan({ cost }));
    const of = (arm: 'stable' | 'canary') =>
      source.read(counts, ['cost-per-request'], arm)['cost-per-request'];
    expect(of('stable')).toMatchObject({ count: 2, mean: expect.closeTo(600e-6, 12) });
    expect(of('canary')).toMatchObject({ count: 2, mean: expect.closeTo(1200e-6, 12) });
  });

  test('without one of the histograms there is no cost, and not a smaller one', () => {
    const source = vllm(metricsPlan());
    const answers = histogram('vllm:request_generation_tokens', [50]);
    expect(source.read(answers, ['cost-per-1k-tokens'], 'canary')).toEqual({
      'cost-per-1k-tokens': { missing: 'vLLM has no vllm:request_prompt_tokens' },
    });
  });
});

describe('feedback', () => {
  const source = feedback({
    positive: { name: 'chat_feedback_total', labels: { vote: 'up' } },
    negative: { name: 'chat_feedback_total', labels: { vote: 'down' } },
    arms: { label: 'version', stable: 'v1.2', canary: 'v1.3' },
  });
  const vote = (value: number, label: string): Count => {
    return { name: 'chat_feedback_total', labels: { vote: label }, value };
  };

  test('dissatisfied are the bad ones, of all that are one or the other', () => {
    const counts = [vote(90, 'up'), vote(10, 'down'), vote(7, 'unclear')];
    expect(source.read(counts, ['user-satisfaction'], 'canary')).toEqual({
      'user-satisfaction': { bad: 10, total: 100 },
    });
  });

  test('arms are the label’s values, and nothing that a dot could stand for', () => {
    const { arms, counters, labels } = source.select(targetOf('llm'), ['user-satisfaction']);
    expect(arms).toEqual({ stable: 'v1\\.2', canary: 'v1\\.3' });
    expect(counters).toBe('{__name__=~"chat_feedback_total",version=~"v1\\\\.2|v1\\\\.3"}');
    expect(labels).toEqual(['vote']);
  });
});
