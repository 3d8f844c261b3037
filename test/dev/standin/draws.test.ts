import { describe, expect, test } from '@jest/globals';
import { lognormal, pickKind, standardNormal, uniform } from '../../../dev/standin/draws.ts';

const many = Array.from({ length: 100_000 }, (_, request) => request);
const uniforms = many.map((request) => uniform({ seed: 1, request, purpose: 'fault' }));

describe('uniform', () => {
  test('the same key always gives the same number', () => {
    const key = { seed: 7, request: 42, purpose: 'ttft', index: 3 } as const;
    expect(uniform(key)).toBe(uniform({ ...key }));
  });

  test('recorded values stay, so that a seed means the same in every release', () => {
    expect([0, 1, 2].map((request) => uniform({ seed: 1, request, purpose: 'fault' }).toFixed(6)))
      .toMatchInlineSnapshot(`
     [
       "0.419964",
       "0.651480",
       "0.407214",
     ]
    `);
  });

  test('fills [0, 1) evenly: each tenth holds a tenth of the draws', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const u of uniforms) tenths[Math.floor(u * 10)] = (tenths[Math.floor(u * 10)] ?? 0) + 1;
    // 4 standard deviations of a binomial count with n = 100000, p = 0.1.
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(380);
  });

  test.each([
    ['purpose', { seed: 1, purpose: 'quality' }],
    ['seed', { seed: 2, purpose: 'fault' }],
    ['index', { seed: 1, purpose: 'fault', index: 1 }],
  ] as const)('another %s gives unrelated numbers', (_name, other) => {
    const pairs = uniforms.map((u, request) => (u - 0.5) * (uniform({ ...other, request }) - 0.5) * 12);
    // The mean product of independent draws has standard deviation 1/sqrt(100000) = 0.0032.
    expect(Math.abs(pairs.reduce((sum, it) => sum + it, 0) / pairs.length)).toBeLessThan(0.013);
  });
});

describe('standardNormal and lognormal', () => {
  const normals = many.map((request) => standardNormal({ seed: 1, request, purpose: 'ttft' }));
  const share = (holds: (z: number) => boolean): number => normals.filter(holds).length / normals.length;

  test('half of the normal numbers are below 0 and one in a hundred above 2.326', () => {
    expect(share((z) => z < 0)).toBeCloseTo(0.5, 2);
    expect(share((z) => z > 2.3263)).toBeCloseTo(0.01, 2);
  });

  test('the lognormal value has the median and p99 it was given', () => {
    expect(lognormal(20, 60, 0)).toBe(20);
    expect(lognormal(20, 60, 2.3263478740408408)).toBeCloseTo(60, 9);
  });

  test('a median of 0 is always 0, and equal median and p99 never vary', () => {
    expect(lognormal(0, 60, 3)).toBe(0);
    expect(lognormal(5, 5, 3)).toBe(5);
  });
});

describe('pickKind', () => {
  const countsFor = (shares: Record<string, number>): Record<string, number> => {
    const counts: Record<string, number> = {};
    // Every thousandth, hit in its middle.
    for (let place = 0.5; place < 1000; place += 1) {
      const kind = pickKind(place / 1000, shares) ?? 'none';
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return counts;
  };

  test.each([
    ['small shares', { a: 10, b: 5, c: 1, d: 0 }, { a: 10, b: 5, c: 1, none: 984 }],
    ['one share of all', { a: 0, b: 1000, c: 0, d: 0 }, { b: 1000 }],
    ['one share beyond its slot', { a: 10, b: 700, c: 5, d: 0 }, { a: 10, b: 700, c: 5, none: 285 }],
    ['shares that fill everything', { a: 600, b: 100, c: 300, d: 0 }, { a: 600, b: 100, c: 300 }],
    ['no share at all', { a: 0, b: 0 }, { none: 1000 }],
  ])('%s come out exactly', (_name, shares, counts) => {
    expect(countsFor(shares)).toEqual(counts);
  });

  test('changing one share does not move the others', () => {
    const hits = (a: number): number[] =>
      uniforms.filter((u) => pickKind(u, { a, b: 10, c: 3, d: 0 }) === 'b');
    expect(hits(0)).toEqual(hits(250));
  });
});
