import { expect, test } from '@jest/globals';
import { judgeCriterion } from '../../../src/domain/analysis/judge.ts';
import type { Amounts, Measurement } from '../../../src/domain/analysis/measurement.ts';
import type { Criterion } from '../../../src/domain/plan/plan.ts';
import { drawNormal } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { everLooked, undoubted, type Looking } from '../../../src/domain/statistics/looking.ts';

const twice: Criterion = { metric: 'cost-per-request', maxRatio: 2 };
const fail = 0.02;
const batch = 50;
const random = seededRandom(11);

/** Costs of 50 requests each, log-normal with a spread of 1: many cheap ones, a few that are dear. */
const batches = Array.from({ length: 2 ** 13 }, () => {
  let [sum, squares] = [0, 0];
  for (let drawn = 0; drawn < batch; drawn += 1) {
    const cost = Math.exp(drawNormal(random));
    sum += cost;
    squares += cost ** 2;
  }
  return { sum, squares };
});

/** The costs of one arm so far. */
class Costs {
  #count = 0;
  #sum = 0;
  #squares = 0;

  add(batchesMore: number): void {
    for (let more = 0; more < batchesMore; more += 1) {
      const drawn = batches[Math.floor(random() * batches.length)];
      this.#count += batch;
      this.#sum += drawn?.sum ?? NaN;
      this.#squares += drawn?.squares ?? NaN;
    }
  }

  times(ratio: number): Amounts {
    const mean = this.#sum / this.#count;
    const deviation = Math.sqrt(this.#squares / this.#count - mean ** 2);
    return { count: this.#count, mean: mean * ratio, deviation: deviation * ratio };
  }
}

/** The share of canaries at 10 % that a guard rolls back when they cost so many times stable's, within 10,000 requests. */
function rolledBack(ratio: number, looking: Looking, times: number): number {
  const standard = {
    evidence: 'noBreach',
    minimumSamples: 100,
    alpha: { fail, pass: 0.05 },
    looking,
  } as const;
  let failed = 0;
  for (let run = 0; run < times; run += 1) {
    const [stable, canary] = [new Costs(), new Costs()];
    for (let requests = 0; requests < 10_000; requests += batch) {
      canary.add(1);
      stable.add(9);
      const measurement: Measurement = {
        kind: 'measured',
        stable: { 'cost-per-request': stable.times(1) },
        canary: { 'cost-per-request': canary.times(ratio) },
      };
      if (judgeCriterion(twice, standard, measurement).outcome !== 'fail') continue;
      failed += 1;
      break;
    }
  }
  return failed / times;
}

test('canaries that cost twice as much, just, are rolled back no more often than the plan allows', () => {
  expect(rolledBack(2, everLooked, 500)).toBeLessThanOrEqual(fail);
  // It is not that nothing ever is: point values roll nearly all of them back, and who costs more is found.
  expect(rolledBack(2, undoubted, 100)).toBeGreaterThan(0.8);
  expect(rolledBack(2.6, everLooked, 100)).toBeGreaterThan(0.95);
});
