import { describe, expect, test } from '@jest/globals';
import { arrivals } from '../../../dev/load/arrivals.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';

const never = () => {
  throw new Error('constant spacing needs no chance');
};

function poisson(seed: number, ratePerSecond: number, durationMs: number): number[] {
  return [...arrivals({ ratePerSecond, spacing: 'poisson', durationMs }, seededRandom(seed))];
}

describe('arrivals, constant', () => {
  test.each([
    { ratePerSecond: 1, durationMs: 3000, count: 3 },
    { ratePerSecond: 3, durationMs: 1000, count: 3 },
    { ratePerSecond: 49, durationMs: 10_000, count: 490 },
    { ratePerSecond: 300, durationMs: 60_000, count: 18_000 },
    { ratePerSecond: 0.5, durationMs: 5000, count: 3 },
    { ratePerSecond: 100, durationMs: 0.5, count: 1 },
  ])('$ratePerSecond/s for $durationMs ms gives $count arrivals, the first at 0', (row) => {
    const times = [...arrivals({ ...row, spacing: 'constant' }, never)];
    expect(times).toHaveLength(row.count);
    expect(times[0]).toBe(0);
  });

  test('the end is excluded', () => {
    expect([...arrivals({ ratePerSecond: 2, spacing: 'constant', durationMs: 1000 }, never)]).toEqual([
      0, 500,
    ]);
  });

  test('does not drift: the millionth arrival at 3/s is at the exact time', () => {
    const options = { ratePerSecond: 3, spacing: 'constant', durationMs: Infinity } as const;
    const times = arrivals(options, never);
    for (let i = 1; i < 1_000_000; i++) times.next();
    const millionth = times.next().value;
    expect(millionth).toBe(333_333_000);
  });
});

describe('arrivals, poisson', () => {
  test('the same seed gives the same times, another seed others', () => {
    expect(poisson(7, 50, 5000)).toEqual(poisson(7, 50, 5000));
    expect(poisson(7, 50, 5000)).not.toEqual(poisson(8, 50, 5000));
  });

  test.each([1, 2, 3, 4, 5])('seed %i: in order and before the end', (seed) => {
    const times = poisson(seed, 100, 10_000);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((it) => it >= 0 && it < 10_000)).toBe(true);
  });

  test.each([1, 2, 3, 4, 5])('seed %i: gaps are exponential with the mean that the rate asks for', (seed) => {
    const times = poisson(seed, 100, 1_000_000);
    const gaps = times.map((at, index) => at - (times[index - 1] ?? 0));
    const share = (ofMeans: number) => gaps.filter((gap) => gap > ofMeans * 10).length / gaps.length;
    // About 100000 gaps: a standard error of 0.3 % of the mean and at most 0.0016 of a share.
    expect(times.length / 100_000).toBeCloseTo(1, 1);
    expect(Math.abs(times.length - 100_000)).toBeLessThan(1500);
    expect(Math.abs(share(1) - Math.exp(-1))).toBeLessThan(0.008);
    expect(Math.abs(share(3) - Math.exp(-3))).toBeLessThan(0.004);
  });
});

describe('seededRandom', () => {
  test('stays in [0, 1) and spreads evenly', () => {
    const random = seededRandom(42);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? NaN) + 1;
    }
    expect(tenths).toHaveLength(10);
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
