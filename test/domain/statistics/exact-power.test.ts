import { describe, expect, test } from '@jest/globals';
import { exactPower, exactSizeFor } from '../../../src/domain/statistics/exact-power.ts';

/**
 * By trying one total after the other with another implementation of the binomial distribution (SciPy 1.17.1:
 * scipy.stats.binom).
 */
describe('the smallest number of requests that prove it with a probability of 80 %', () => {
  test.each([
    { share: 0.2, limit: 0.05, alpha: 0.05, size: 27, power: 0.817_716_653_8, before: 0.793_160_348 },
    { share: 0.4, limit: 0.2, alpha: 0.05, size: 35, power: 0.804_825_496_6, before: 0.766_919_046_7 },
    { share: 0.3, limit: 0.1, alpha: 0.05, size: 25, power: 0.806_511_557_9, before: 0.771_191_607 },
    {
      share: 0.02,
      limit: 0.01,
      alpha: 0.000_625,
      size: 2258,
      power: 0.800_807_401_9,
      before: 0.799_984_440_1,
    },
    { share: 1, limit: 0.01, alpha: 0.000_625, size: 2, power: 1, before: 0 },
    { share: 0, limit: 0.001, alpha: 0.05, size: 2995, power: 1, before: 0 },
    {
      share: 0.0002,
      limit: 0.001,
      alpha: 0.025,
      size: 7223,
      power: 0.822_633_119_7,
      before: 0.576_588_425_2,
    },
    { share: 0.0005, limit: 0.001, alpha: 0.025, size: 24_736, power: 0.816_629_67, before: 0.737_844_256_2 },
    { share: 0.05, limit: 0.1, alpha: 0.025, size: 231, power: 0.816_407_109_8, before: 0.736_957_789_1 },
  ])('$share against $limit at $alpha: $size', ({ size, power, before, ...question }) => {
    expect(exactSizeFor(question, 0.8)).toBe(size);
    expect(exactPower(size, question)).toBeCloseTo(power, 8);
    expect(exactPower(size - 1, question)).toBeCloseTo(before, 8);
  });
});

/** By the same. */
test.each([
  { total: 100, share: 0.05, limit: 0.01, alpha: 0.05, power: 0.742_161_340_9 },
  { total: 500, share: 0.005, limit: 0.02, alpha: 0.025, power: 0.757_844_869_2 },
  { total: 10, share: 0.9, limit: 0.5, alpha: 0.05, power: 0.736_098_929_1 },
  { total: 5, share: 0.01, limit: 0.02, alpha: 0.05, power: 0 },
  { total: 2, share: 0.5, limit: 0.01, alpha: 0.000_05, power: 0 },
  { total: 0, share: 0.5, limit: 0.01, alpha: 0.05, power: 0 },
])('$total requests, $share against $limit: $power', ({ total, power, ...question }) => {
  expect(exactPower(total, question)).toBeCloseTo(power, 8);
});

describe('what cannot be planned is refused', () => {
  const question = { share: 0.05, limit: 0.01, alpha: 0.05 };

  test.each([
    { ...question, share: 0.01 },
    { ...question, share: 1.5 },
    { ...question, limit: 0 },
    { ...question, alpha: 0 },
  ])('$share against $limit at $alpha', (wrong) => {
    expect(() => exactPower(100, wrong)).toThrow(RangeError);
    expect(() => exactSizeFor(wrong, 0.8)).toThrow(RangeError);
  });

  test('half a request, and certainty', () => {
    expect(() => exactPower(0.5, question)).toThrow('whole numbers');
    expect(() => exactSizeFor(question, 1)).toThrow('1 is no power');
  });
});
