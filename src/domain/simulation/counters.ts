import type { Amounts, ArmCounts, Bucket } from '../analysis/measurement.ts';
import {
  isCost,
  isShare,
  type CostName,
  type CountedName,
  type ShareName,
  type SizeName,
} from '../metrics/metrics.ts';
import type { Proportion } from '../statistics/proportion.ts';
import { bucketBounds, countedShare, shareUpTo, type Behaviour, type Cost } from './behaviour.ts';
import { drawBinomial, drawClasses, drawNormal } from './draws.ts';
import type { Random } from './random.ts';

/** What an arm's counters say at one time. */
interface Reading {
  readonly atMs: number;
  readonly requests: number;
  readonly shares: Partial<Record<ShareName, Proportion>>;
  /** Cumulative over the buckets, as Prometheus has them. */
  readonly sizes: Partial<Record<SizeName, readonly number[]>>;
  readonly costs: Partial<Record<CostName, { readonly sum: number; readonly deviation: number }>>;
}

const nothing: Reading = { atMs: 0, requests: 0, shares: {}, sizes: {}, costs: {} };
const none: Proportion = { bad: 0, total: 0 };

/** The counters of one arm at one weight, and what they said before. */
export class Counters {
  readonly #metrics: readonly CountedName[];
  readonly #random: Random;
  readonly #readings: Reading[] = [nothing];

  /** @param metrics those that are counted. */
  constructor(metrics: readonly CountedName[], random: Random) {
    this.#metrics = metrics;
    this.#random = random;
  }

  get requests(): number {
    return this.#last.requests;
  }

  get failed(): number {
    return this.#last.shares['error-rate']?.bad ?? 0;
  }

  /** Lets the arm answer so many requests in all by then. */
  advance(atMs: number, requests: number, behaviour: Behaviour): void {
    const before = this.#last;
    const more = requests - before.requests;
    const { shares, sizes, costs } = before;
    const reading = { atMs, requests, shares: { ...shares }, sizes: { ...sizes }, costs: { ...costs } };
    for (const metric of this.#metrics) {
      if (isShare(metric))
        reading.shares[metric] = this.#moreOf(metric, before.shares[metric] ?? none, more, behaviour);
      else if (isCost(metric))
        reading.costs[metric] = this.#dearer(before.costs[metric]?.sum ?? 0, more, behaviour.costs[metric]);
      else reading.sizes[metric] = this.#added(metric, before.sizes[metric], more, behaviour);
    }
    this.#readings.push(reading);
  }

  /** As the metrics provider would tell it; of coarse steps, the window reaches back to the step before its start. */
  over(windowMs: number): ArmCounts {
    const now = this.#last;
    const startMs = now.atMs - windowMs;
    const start = this.#readings.findLast((it) => it.atMs <= startMs) ?? now;
    return Object.fromEntries(this.#metrics.map((metric) => [metric, between(metric, start, now)]));
  }

  get #last(): Reading {
    return this.#readings.at(-1) ?? nothing;
  }

  #moreOf(metric: ShareName, before: Proportion, requests: number, { shares }: Behaviour): Proportion {
    const share = countedShare[metric];
    const total = share === 1 ? requests : drawBinomial(requests, share, this.#random);
    const bad = drawBinomial(total, shares[metric], this.#random);
    return { bad: before.bad + bad, total: before.total + total };
  }

  /** The sum of many costs is normal, whatever each of them is. */
  #dearer(sum: number, requests: number, { mean, deviation }: Cost): { sum: number; deviation: number } {
    const more = requests * mean + Math.sqrt(requests) * deviation * drawNormal(this.#random);
    return { sum: sum + Math.max(0, more), deviation };
  }

  #added(
    metric: SizeName,
    before: readonly number[] | undefined,
    requests: number,
    { sizes }: Behaviour,
  ): number[] {
    const below = [...bucketBounds[metric].map((bound) => shareUpTo(bound, sizes[metric])), 1];
    let sum = 0;
    return drawClasses(requests, below, this.#random).map((drawn, index) => {
      sum += drawn;
      return (before?.[index] ?? 0) + sum;
    });
  }
}

function between(
  metric: CountedName,
  start: Reading,
  now: Reading,
): Proportion | Amounts | { readonly buckets: Bucket[] } {
  if (isShare(metric)) {
    const [before, after] = [start.shares[metric] ?? none, now.shares[metric] ?? none];
    return { bad: after.bad - before.bad, total: after.total - before.total };
  }
  if (isCost(metric)) {
    const { sum = 0, deviation = 0 } = now.costs[metric] ?? {};
    const count = now.requests - start.requests;
    const mean = count === 0 ? 0 : (sum - (start.costs[metric]?.sum ?? 0)) / count;
    return { count, mean, deviation };
  }
  return { buckets: bucketsBetween(metric, start.sizes[metric], now.sizes[metric]) };
}

function bucketsBetween(
  metric: SizeName,
  start: readonly number[] | undefined,
  now: readonly number[] | undefined,
): Bucket[] {
  return [...bucketBounds[metric], null].map((upTo, index) => {
    return { upTo, count: (now?.[index] ?? 0) - (start?.[index] ?? 0) };
  });
}
