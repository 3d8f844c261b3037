import { describe, expect, test } from '@jest/globals';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { groupSequentialBoundaries } from '../../../src/domain/statistics/group-sequential.ts';
import {
  obrienFlemingSpending,
  pocockSpending,
  type Spending,
} from '../../../src/domain/statistics/spending.ts';

const alpha = 0.025;
const boundaries = (fractions: readonly number[], spending: Spending, sides: 1 | 2 = 1) =>
  groupSequentialBoundaries({ fractions, alpha, spending, sides });
const rounded = (found: readonly number[], digits: number) => found.map((it) => Number(it.toFixed(digits)));

describe('boundaries for 5 % on two sides', () => {
  /** As R's packages ldbounds and gsDesign print them: Lan and DeMets' spending functions, equally spaced looks. */
  test.each([
    { name: 'five looks', fractions: [0.2, 0.4, 0.6, 0.8, 1], published: [4.877, 3.357, 2.68, 2.29, 2.031] },
    { name: 'four looks', fractions: [0.25, 0.5, 0.75, 1], published: [4.333, 2.963, 2.359, 2.014] },
  ])("$name, O'Brien and Fleming's type: as published", ({ fractions, published }) => {
    expect(rounded(boundaries(fractions, obrienFlemingSpending, 2), 3)).toEqual(published);
    expect(rounded(boundaries(fractions, obrienFlemingSpending, 1), 3)).toEqual(published);
  });

  test("five looks, Pocock's type: as published", () => {
    const published = [2.438, 2.427, 2.41, 2.397, 2.386];
    expect(rounded(boundaries([0.2, 0.4, 0.6, 0.8, 1], pocockSpending, 2), 3)).toEqual(published);
  });
});

/** By another way: the joint normal distribution of all looks (SciPy 1.17.1, multivariate_normal.cdf), root by root. */
test.each([
  { fractions: [0.25, 0.5, 0.75, 1], spending: pocockSpending, other: [2.3683, 2.3675, 2.3582, 2.35] },
  { fractions: [0.3, 0.45, 0.9], spending: obrienFlemingSpending, other: [3.9286, 3.149, 2.1] },
  { fractions: [0.01, 0.1, 0.5, 1], spending: pocockSpending, other: [3.3354, 2.6912, 2.2537, 2.2174] },
])('looks at $fractions: as another integration has it', ({ fractions, spending, other }) => {
  for (const [index, boundary] of boundaries(fractions, spending).entries())
    expect(boundary).toBeCloseTo(other[index] ?? NaN, 3);
});

test('one look at all of it is a test as usual', () => {
  expect(boundaries([1], obrienFlemingSpending)[0]).toBeCloseTo(normalQuantile(1 - alpha, 0, 1), 9);
});

test('where next to nothing may be spent, nothing stops; the looks after it do', () => {
  const [first, second, , last] = boundaries([0.01, 0.1, 0.5, 1], obrienFlemingSpending);
  expect(first).toBe(Infinity);
  expect(second).toBeGreaterThan(6);
  expect(last).toBeCloseTo(1.969, 3);
});

test('of 40,000 sums without a trend alpha ever crosses; at 1.96 each time twice as many do', () => {
  const fractions = [0.25, 0.5, 0.75, 1];
  const planned = boundaries(fractions, pocockSpending);
  const random = seededRandom(29);
  const times = 40_000;
  const crossed = { planned: 0, naive: 0 };
  for (let time = 0; time < times; time += 1) {
    let sum = 0;
    const scores = fractions.map((fraction) => {
      sum += normalQuantile(random(), 0, 0.5);
      return sum / Math.sqrt(fraction);
    });
    if (scores.some((it, look) => it > (planned[look] ?? NaN))) crossed.planned += 1;
    if (scores.some((it) => it > 1.96)) crossed.naive += 1;
  }
  // Four standard errors.
  expect(Math.abs(crossed.planned / times - alpha)).toBeLessThan(0.0032);
  expect(crossed.naive / times).toBeGreaterThan(2 * alpha);
});

test.each([{ fractions: [] }, { fractions: [0, 1] }, { fractions: [0.5, 0.5] }, { fractions: [0.5, 1.1] }])(
  'looks at $fractions are refused',
  ({ fractions }) => {
    expect(() => boundaries(fractions, pocockSpending)).toThrow(RangeError);
  },
);
