import { judgeCriterion } from '../../src/domain/analysis/judge.ts';
import type { Amounts, Measurement } from '../../src/domain/analysis/measurement.ts';
import { guardStandards } from '../../src/domain/analysis/standards.ts';
import { markdownTable } from '../../src/domain/rollout/markdown.ts';
import { usual } from '../../src/domain/simulation/behaviour.ts';
import { drawNormal } from '../../src/domain/simulation/draws.ts';
import { seededRandom, type Random } from '../../src/domain/simulation/random.ts';
import { plan } from './tables.ts';

const seed = 1;
/** From look to look. */
const step = 10;
const most = 100_000;
/** Percent of requests for the canary. */
const weightPercent = 10;

/** How many times as dear as stable's the canary's requests are. */
export const dear: readonly number[] = [2.2, 2.5, 3, 5];

/**
 * How many requests of the canary it takes until the built-in guard has rolled back half of those, and 80 %, that cost so
 * many times stable's; Markdown. Costs are log-normal, with the deviation of `sluice simulate`; what the canary costs and
 * what stable does is drawn request by request.
 */
export function costTable(some: readonly number[], times: number): string {
  const lines = some.map((ratio) => {
    const random = seededRandom(seed);
    const sizes = Array.from({ length: times }, () => untilBreach(ratio, random)).sort((a, b) => a - b);
    const at = (share: number) => (sizes[Math.ceil(share * times) - 1] ?? NaN).toLocaleString('en-US');
    return [`${ratio} times stable's, limit 2 times`, at(0.5), at(0.8)];
  });
  return markdownTable(['cost per request', 'half of them', '80 % of them'], lines);
}

function untilBreach(ratio: number, random: Random): number {
  const guard = plan.guards.find((it) => it.criterion.metric === 'cost-per-request');
  const standard = guard && guardStandards(plan, guard, plan.guardIntervalMs)[0]?.standard;
  if (guard === undefined || standard === undefined) throw new RangeError('the plan guards the cost');
  const [stable, canary] = [new Costs(random), new Costs(random)];
  for (let requests = step; requests <= most; requests += step) {
    canary.add(step);
    stable.add((step * (100 - weightPercent)) / weightPercent);
    const measurement: Measurement = {
      kind: 'measured',
      stable: { 'cost-per-request': stable.times(1) },
      canary: { 'cost-per-request': canary.times(ratio) },
    };
    if (judgeCriterion(guard.criterion, standard, measurement).outcome === 'fail') return requests;
  }
  return most;
}

/** The costs of one arm so far, of which stable's mean is 1. */
class Costs {
  readonly #random: Random;
  #count = 0;
  #sum = 0;
  #squares = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  add(requests: number): void {
    const { mean, deviation } = usual.costs['cost-per-request'];
    const variance = Math.log1p((deviation / mean) ** 2);
    for (let more = 0; more < requests; more += 1) {
      const cost = Math.exp(Math.sqrt(variance) * drawNormal(this.#random) - variance / 2);
      this.#sum += cost;
      this.#squares += cost ** 2;
    }
    this.#count += requests;
  }

  times(ratio: number): Amounts {
    const mean = this.#sum / this.#count;
    const deviation = Math.sqrt(Math.max(0, this.#squares / this.#count - mean ** 2));
    return { count: this.#count, mean: mean * ratio, deviation: deviation * ratio };
  }
}
