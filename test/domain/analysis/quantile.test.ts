import { describe, expect, test } from '@jest/globals';
import type { Bucket } from '../../../src/domain/analysis/measurement.ts';
import { countOf, quantile } from '../../../src/domain/analysis/quantile.ts';

const bucketsOf = (counts: readonly (readonly [number, number])[], total: number): Bucket[] => [
  ...counts.map(([upTo, count]) => ({ upTo, count })),
  { upTo: null, count: total },
];

/** Prometheus' own test data: promql/testdata/histograms.test, testhistogram{start="positive"} at 50m. */
const published = bucketsOf(
  [
    [0.1, 50],
    [0.2, 70],
    [1, 110],
  ],
  120,
);

describe('quantile', () => {
  test.each([
    { name: 'lowest bucket, from 0', q: 0.2, seconds: 0.048 },
    { name: 'middle bucket', q: 0.5, seconds: 0.15 },
    { name: 'last finite bucket', q: 0.8, seconds: 0.72 },
  ])('interpolates as histogram_quantile does: $name', ({ q, seconds }) => {
    const found = quantile(q, published);
    expect(found?.value).toBeCloseTo(seconds, 12);
    expect(found?.beyondBuckets).toBe(false);
  });

  test('beyond the last finite bucket it is that bound, and says so', () => {
    expect(quantile(0.99, published)).toEqual({ value: 1, beyondBuckets: true });
  });

  test('a rank that is a bucket’s own count is that bucket’s bound', () => {
    expect(quantile(0.5, bucketsOf([[2, 50]], 100))).toEqual({ value: 2, beyondBuckets: false });
  });

  test('empty buckets before the first value are passed over', () => {
    const buckets = bucketsOf(
      [
        [1, 0],
        [2, 0],
        [4, 10],
      ],
      10,
    );
    expect(quantile(0.5, buckets)).toEqual({ value: 3, beyondBuckets: false });
  });

  test('a count below its predecessor is taken as the predecessor’s', () => {
    const buckets = bucketsOf(
      [
        [1, 50],
        [2, 40],
        [4, 100],
      ],
      100,
    );
    expect(quantile(0.75, buckets)).toEqual({ value: 3, beyondBuckets: false });
  });

  test.each([
    { name: 'no buckets', buckets: [] },
    { name: 'nothing counted', buckets: bucketsOf([[1, 0]], 0) },
    { name: 'no infinite bucket', buckets: [{ upTo: 1, count: 5 }] },
    { name: 'only the infinite bucket', buckets: bucketsOf([], 5) },
  ])('has no value with $name', ({ buckets }) => {
    expect(quantile(0.99, buckets)).toBeNull();
  });
});

test('countOf is the infinite bucket’s count', () => {
  expect(countOf(published)).toBe(120);
  expect(countOf([])).toBe(0);
});
