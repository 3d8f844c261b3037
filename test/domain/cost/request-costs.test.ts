import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { gpuNames, gpuPrices, gpuPricesReadOn } from '../../../src/domain/cost/gpu-prices.ts';
import { costPer1kTokens, costPerRequest } from '../../../src/domain/cost/request-costs.ts';
import { tokenPrices } from '../../../src/domain/cost/token-prices.ts';
import type { ArmCost } from '../../../src/domain/plan/metrics-plan.ts';
import { drawNormal } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';

const byTokens: ArmCost = { by: 'tokens', inputPerMillion: 1, outputPerMillion: 4 };
const byCapacity: ArmCost = { by: 'capacity', gpusPerPod: 2, perGpuHour: 3.6, outputTokensPerSecond: 1000 };

const amounts = (mean: number, deviation: number, count = 1000) => ({ count, mean, deviation });

describe('prices of tokens', () => {
  test('by tokens: as they are said, for one', () => {
    expect(tokenPrices(byTokens)).toEqual({ perInputToken: 1e-6, perOutputToken: 4e-6 });
  });

  test('by capacity: what the GPUs of a pod cost while it generates one, when it is full', () => {
    // 7.20 an hour are 0.002 a second, in which it generates 1,000.
    const { perInputToken, perOutputToken } = tokenPrices(byCapacity);
    expect(perInputToken).toBe(0);
    expect(perOutputToken).toBeCloseTo(2e-6, 15);
  });

  test('a GPU of the table costs what the table says', () => {
    for (const gpu of gpuNames)
      expect(tokenPrices({ ...byCapacity, perGpuHour: gpu })).toEqual(
        tokenPrices({ ...byCapacity, perGpuHour: gpuPrices[gpu].usdPerHour }),
      );
  });
});

describe('cost of a request', () => {
  test('is that of its prompt and of its answer', () => {
    const { count, mean } = costPerRequest(
      { input: amounts(1000, 0), output: amounts(250, 0) },
      tokenPrices(byTokens),
    );
    expect([count, mean]).toEqual([1000, 0.002]);
  });

  test('deviates no more than both sizes together, however they go together', () => {
    const random = seededRandom(1);
    const both = Array.from({ length: 5000 }, () => {
      const common = drawNormal(random);
      return {
        input: Math.exp(5 + 0.5 * common),
        output: Math.exp(5 + 0.3 * common + 0.2 * drawNormal(random)),
      };
    });
    const [input, output] = [sampleOf(both.map((it) => it.input)), sampleOf(both.map((it) => it.output))];
    const truth = sampleOf(both.map((it) => it.input * 1e-6 + it.output * 4e-6));
    const told = costPerRequest({ input, output }, tokenPrices(byTokens));
    expect(told.mean).toBeCloseTo(truth.mean, 12);
    expect(told.deviation).toBeGreaterThanOrEqual(truth.deviation);
    expect(told.deviation).toBeLessThan(1.2 * truth.deviation);
  });
});

describe('cost of 1,000 generated tokens', () => {
  test('is the cost of all requests by the tokens of all answers', () => {
    const { mean } = costPer1kTokens(
      { input: amounts(1000, 0), output: amounts(250, 0) },
      tokenPrices(byTokens),
    );
    expect(mean).toBeCloseTo(0.008, 12);
  });

  test('does not deviate where prompts are free: then it is the price', () => {
    const { mean, deviation } = costPer1kTokens(
      { input: amounts(1000, 900), output: amounts(250, 200) },
      tokenPrices(byCapacity),
    );
    expect(mean).toBeCloseTo(0.002, 12);
    expect(deviation).toBe(0);
  });

  test('of answers without a token nobody can say it', () => {
    expect(
      costPer1kTokens({ input: amounts(9, 1), output: amounts(0, 0) }, tokenPrices(byTokens)).count,
    ).toBe(0);
  });
});

function sampleOf(values: readonly number[]) {
  const count = values.length;
  const mean = values.reduce((sum, it) => sum + it, 0) / count;
  const deviation = Math.sqrt(values.reduce((sum, it) => sum + (it - mean) ** 2, 0) / count);
  return { count, mean, deviation };
}

test('docs/metrics.md has the table of GPUs, and when it was read', async () => {
  const page = await readFile('docs/metrics.md', 'utf8');
  expect(page).toContain(`Read on ${gpuPricesReadOn} from`);
  for (const gpu of gpuNames) {
    const price = String(gpuPrices[gpu].usdPerHour).replace('.', String.raw`\.`);
    expect(page).toMatch(new RegExp(String.raw`^\| \`${gpu}\` +\| ${price} +\|`, 'm'));
  }
});
