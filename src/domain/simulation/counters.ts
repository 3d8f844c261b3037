import type { ArmMeasurement, Bucket } from '../analysis/measurement.ts';
import { isShare, type MetricName, type ShareName, type SizeName } from '../metrics/metrics.ts';
import { bucketBounds, shareUpTo, type Behaviour } from './behaviour.ts';
import { drawBinomial, drawClasses } from './draws.ts';
import type { Random } from './random.ts';

/** What an arm's counters say at one time. */
interface Reading {
  readonly atMs: number;
  readonly requests: number;
  readonly shares: Partial<Record<ShareName, number>>;
  /** Cumulative over the buckets, as Prometheus has them. */
  readonly sizes: Partial<Record<SizeName, readonly number[]>>;
}

/** The counters of one arm at one weight, and what they said before. */
export class Counters {
  readonly #metrics: readonly MetricName[];
  readonly #random: Random;
  readonly #readings: Reading[] = [{ atMs: 0, requests: 0, shares: {}, sizes: {} }];

  /** @param metrics those that are counted. */
  constructor(metrics: readonly MetricName[], random: Random) {
    this.#metrics = metrics;
    this.#random = random;
  }

  get requests(): number {
    return this.#last.requests;
  }

  get failed(): number {
    return this.#last.shares['error-rate'] ?? 0;
  }

  /** Lets the arm answer so many requests in all by then. */
  advance(atMs: number, requests: number, behaviour: Behaviour): void {
    const before = this.#last;
    const more = requests - before.requests;
    const reading = { atMs, requests, shares: { ...before.shares }, sizes: { ...before.sizes } };
    for (const metric of this.#metrics) {
      if (isShare(metric)) {
        const drawn = drawBinomial(more, behaviour.shares[metric], this.#random);
        reading.shares[metric] = (before.shares[metric] ?? 0) + drawn;
      } else reading.sizes[metric] = this.#added(metric, before.sizes[metric], more, behaviour);
    }
    this.#readings.push(reading);
  }

  /** As the metrics provider would tell it; of coarse steps, the window reaches back to the step before its start. */
  over(windowMs: number): ArmMeasurement {
    const now = this.#last;
    const startMs = now.atMs - windowMs;
    const start = this.#readings.findLast((it) => it.atMs <= startMs) ?? now;
    return Object.fromEntries(
      this.#metrics.map((metric) => [
        metric,
        isShare(metric)
          ? {
              bad: (now.shares[metric] ?? 0) - (start.shares[metric] ?? 0),
              total: now.requests - start.requests,
            }
          : { buckets: bucketsBetween(metric, start.sizes[metric], now.sizes[metric]) },
      ]),
    );
  }

  get #last(): Reading {
    const last = this.#readings.at(-1);
    if (last === undefined) throw new RangeError('counters begin with a reading');
    return last;
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

function bucketsBetween(
  metric: SizeName,
  start: readonly number[] | undefined,
  now: readonly number[] | undefined,
): Bucket[] {
  return [...bucketBounds[metric], null].map((upTo, index) => {
    return { upTo, count: (now?.[index] ?? 0) - (start?.[index] ?? 0) };
  });
}
