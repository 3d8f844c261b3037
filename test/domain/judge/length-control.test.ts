import { describe, expect, test } from '@jest/globals';
import { lengthControlledRate } from '../../../src/domain/judge/length-control.ts';
import { drawNormal } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';

const wins = [1, 0, 0.5, 1, 1, 0, 0.5, 0, 1, 1, 0, 0.5, 1, 0, 0, 1, 0.5, 1, 1, 0, 0, 1, 0.5, 1];
const longer = [
  120, -40, 10, 300, 80, -220, 0, -15, 60, -90, 30, -5, 210, -130, 50, 90, -60, 400, 20, -10, -300, 45, 15,
  75,
];
const pairs = wins.map((win, index) => ({ win, longerBy: longer[index] ?? NaN }));

describe('the win rate at equal length', () => {
  /** By SciPy 1.17.1: scipy.optimize.minimize (BFGS) of the penalised likelihood. The plain win rate is 0.5625. */
  test('is that of another implementation', () => {
    expect(lengthControlledRate(pairs)).toBeCloseTo(0.493_757, 5);
  });

  test('of arms as good as each other is 1/2 though the canary is longer and wins more often', () => {
    const random = seededRandom(59);
    const drawn = Array.from({ length: 4000 }, () => {
      const longerBy = 150 + 200 * drawNormal(random);
      const isPreferred = random() < 1 / (1 + Math.exp(-1.5 * Math.tanh(longerBy / 200)));
      return { win: isPreferred ? 1 : 0, longerBy };
    });
    expect(drawn.reduce((sum, it) => sum + it.win, 0) / drawn.length).toBeGreaterThan(0.6);
    expect(Math.abs((lengthControlledRate(drawn) ?? NaN) - 0.5)).toBeLessThan(0.04);
  });

  test('is the plain one where length says nothing', () => {
    const even = Array.from({ length: 40 }, (_, index) => {
      return { win: index % 4 === 0 ? 0 : 1, longerBy: index < 20 ? 50 : -50 };
    });
    expect(lengthControlledRate(even)).toBeCloseTo(0.75, 3);
  });

  test('of an arm that wins everything is near 1, and a number', () => {
    const all = pairs.map((it) => ({ ...it, win: 1 }));
    expect(lengthControlledRate(all)).toBeGreaterThan(0.97);
    expect(lengthControlledRate(all)).toBeLessThan(1);
  });

  test.each([
    { what: 'few pairs', some: pairs.slice(0, 19) },
    { what: 'answers of one length', some: pairs.map((it) => ({ ...it, longerBy: 0 })) },
    {
      what: 'an arm that is always longer',
      some: pairs.map((it) => ({ ...it, longerBy: 401 + it.longerBy })),
    },
  ])('of $what nobody can tell', ({ some }) => {
    expect(lengthControlledRate(some)).toBeNull();
  });
});
