import { describe, expect, test } from '@jest/globals';
import { drawBinomial } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { nonInferiority } from '../../../src/domain/statistics/non-inferiority.ts';

const terms = { margin: 0.05, alpha: 0.025 };

describe('non-inferiority', () => {
  /** The bounds are those of Newcombe (1998), table II, method 10: 5/56 less 0/29 is -0.0381 to 0.1926. */
  test.each([
    { margin: 0.2, outcome: 'nonInferior' },
    { margin: 0.19, outcome: 'undecided' },
    { margin: 0, outcome: 'undecided' },
  ])('5 of 56 and 0 of 29 by a margin of $margin: $outcome', ({ margin, outcome }) => {
    const found = nonInferiority({ bad: 5, total: 56 }, { bad: 0, total: 29 }, { margin, alpha: 0.025 });
    expect(found.outcome).toBe(outcome);
    expect([found.low, found.high].map((it) => Number(it.toFixed(4)))).toEqual([-0.0381, 0.1926]);
    expect(found.difference).toBeCloseTo(5 / 56, 12);
  });

  /** 56/70 less 48/80 is 0.0524 to 0.3339. */
  test.each([
    { margin: 0.052, outcome: 'inferior' },
    { margin: 0.053, outcome: 'undecided' },
    { margin: 0.334, outcome: 'nonInferior' },
  ])('56 of 70 and 48 of 80 by a margin of $margin: $outcome', ({ margin, outcome }) => {
    const found = nonInferiority({ bad: 56, total: 70 }, { bad: 48, total: 80 }, { margin, alpha: 0.025 });
    expect(found.outcome).toBe(outcome);
  });

  test('two arms that look the same show nothing while they are small', () => {
    const few = { bad: 1, total: 20 };
    expect(nonInferiority(few, few, terms).outcome).toBe('undecided');
    const many = { bad: 100, total: 2000 };
    expect(nonInferiority(many, many, terms).outcome).toBe('nonInferior');
  });

  test('of nothing nothing is shown', () => {
    const found = nonInferiority({ bad: 0, total: 0 }, { bad: 0, total: 10 }, terms);
    expect(found).toEqual({ outcome: 'undecided', difference: NaN, low: -1, high: 1 });
  });

  test('of 5,000 canaries that are worse by just the margin about alpha are called non-inferior', () => {
    const random = seededRandom(13);
    const times = 5000;
    let wrong = 0;
    for (let time = 0; time < times; time += 1) {
      const canary = { bad: drawBinomial(400, 0.25, random), total: 400 };
      const stable = { bad: drawBinomial(400, 0.2, random), total: 400 };
      if (nonInferiority(canary, stable, terms).outcome === 'nonInferior') wrong += 1;
    }
    expect(wrong / times).toBeGreaterThan(0.02);
    expect(wrong / times).toBeLessThan(0.03);
  });

  test.each([-0.01, 1, NaN])('a margin of %d is refused', (margin) => {
    const some = { bad: 1, total: 2 };
    expect(() => nonInferiority(some, some, { margin, alpha: 0.05 })).toThrow(RangeError);
  });
});
