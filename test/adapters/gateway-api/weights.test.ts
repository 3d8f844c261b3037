import { describe, expect, test } from '@jest/globals';
import { armsOf, type BackendRef } from '../../../src/adapters/gateway-api/http-route.ts';
import { canaryShare, join, sameShares, split } from '../../../src/adapters/gateway-api/weights.ts';
import { failureTypes } from '../../../src/domain/failures.ts';
import { headerFilter, ref, target } from './fixtures.ts';

const arms = armsOf(target);
const text = (refs: readonly BackendRef[]) =>
  refs.map((it) => `${it.name} ${it.weight ?? 'none'}`).join(', ');

describe('split', () => {
  test.each([
    { found: [ref('vllm')], percent: 0, becomes: 'vllm 100, vllm-canary 0' },
    { found: [ref('vllm')], percent: 1, becomes: 'vllm 99, vllm-canary 1' },
    { found: [ref('vllm')], percent: 0.1, becomes: 'vllm 999, vllm-canary 1' },
    { found: [ref('vllm')], percent: 12.5, becomes: 'vllm 875, vllm-canary 125' },
    { found: [ref('vllm')], percent: 50, becomes: 'vllm 50, vllm-canary 50' },
    { found: [ref('vllm')], percent: 100, becomes: 'vllm 0, vllm-canary 100' },
    { found: [ref('vllm', 100)], percent: 10, becomes: 'vllm 90, vllm-canary 10' },
    { found: [ref('vllm', 7)], percent: 10, becomes: 'vllm 90, vllm-canary 10' },
    { found: [ref('vllm', 100), ref('vllm-canary', 0)], percent: 50, becomes: 'vllm 50, vllm-canary 50' },
    { found: [ref('vllm', 90), ref('vllm-canary', 10)], percent: 50, becomes: 'vllm 50, vllm-canary 50' },
    { found: [ref('vllm', 0), ref('vllm-canary', 100)], percent: 10, becomes: 'vllm 90, vllm-canary 10' },
    {
      found: [ref('vllm', 80), ref('other', 20)],
      percent: 10,
      becomes: 'vllm 360, vllm-canary 40, other 100',
    },
    {
      found: [ref('other', 20), ref('vllm', 80)],
      percent: 0.1,
      becomes: 'other 1000, vllm 3996, vllm-canary 4',
    },
    {
      found: [ref('vllm', 1_000_000), ref('other', 1)],
      percent: 0.1,
      becomes: 'vllm 999000, vllm-canary 1000, other 1',
    },
    {
      found: [ref('vllm', 1), ref('vllm', 3)],
      percent: 50,
      becomes: 'vllm 50, vllm-canary 50, vllm 150, vllm-canary 150',
    },
    { found: [ref('vllm', 0), ref('other', 1)], percent: 50, becomes: 'vllm 0, other 1' },
    { found: [ref('vllm', 0), ref('other', 0)], percent: 50, becomes: 'vllm 0, other 0' },
  ])('$percent % for the canary: $becomes', ({ found, percent, becomes }) => {
    expect(text(split(found, percent, arms))).toBe(becomes);
  });

  test('an absent weight means 1', () => {
    expect(text(split([{ name: 'vllm', port: 8000 }, ref('other')], 50, arms))).toBe(
      'vllm 50, vllm-canary 50, other 100',
    );
  });

  test('foreign backends keep their share and stable and canary keep stable’s, for every percent', () => {
    for (const [stable, other] of [
      [80, 20],
      [1, 1],
      [3, 7],
      [999, 1],
      [1, 999],
      [333_333, 666_667],
    ] as const) {
      for (let tenths = 10; tenths <= 1000; tenths += 7) {
        const refs = split([ref('vllm', stable), ref('other', other)], tenths / 10, arms);
        const [s = 0, c = 0, o = 0] = refs.map((it) => it.weight ?? 1);
        expect((s + c) * other).toBe(o * stable);
        expect(canaryShare(refs, arms)).toBeCloseTo(tenths / 10, 3);
        expect(Math.max(s, c, o)).toBeLessThanOrEqual(1_000_000);
      }
    }
  });

  test('the result depends on shares, not on the way there', () => {
    const found = [ref('vllm', 80), ref('other', 20)];
    const direct = split(found, 50, arms);
    expect(split(split(split(found, 0.1, arms), 10, arms), 50, arms)).toEqual(direct);
    expect(split(direct, 50, arms)).toEqual(direct);
  });

  test('everything else on stable’s backend is on the canary’s, filters too', () => {
    const filters = [headerFilter('stable')];
    const [stable, canary] = split([ref('vllm', 1, { namespace: 'llm', filters })], 10, arms);
    expect(canary).toEqual({ ...stable, name: 'vllm-canary', weight: 10 });
  });

  test('a split that the largest weight leaves no room for is refused, and says what was found', () => {
    expect(() => split([ref('vllm', 100), ref('other', 999_901)], 0.1, arms)).toThrow(
      expect.objectContaining({
        type: failureTypes.Refused,
        message: expect.stringMatching(/0\.1 %.*vllm 100, other 999901/),
      }),
    );
  });
});

describe('join', () => {
  test('takes the canary out and gives its weight to stable', () => {
    const refs = [ref('vllm', 720), ref('vllm-canary', 80), ref('other', 200)];
    expect(text(join(refs, arms))).toBe('vllm 800, other 200');
  });

  test('gives each canary’s weight to the stable backend with the same filters', () => {
    const one = { filters: [headerFilter('one')] };
    const two = { filters: [headerFilter('two')] };
    const refs = [
      ref('vllm', 1, one),
      ref('vllm', 2, two),
      ref('vllm-canary', 30, two),
      ref('vllm-canary', 10, one),
    ];
    expect(text(join(refs, arms))).toBe('vllm 11, vllm 32');
  });

  test('a canary that was only named leaves no trace', () => {
    expect(sameShares([ref('vllm')], join([ref('vllm', 100), ref('vllm-canary', 0)], arms))).toBe(true);
  });

  test('puts stable in the canary’s place where somebody removed stable', () => {
    expect(text(join([ref('other', 1), ref('vllm-canary', 9)], arms))).toBe('other 1, vllm 9');
  });
});

test('arms are Services of the target’s namespace and port; all other backends are foreign', () => {
  expect(arms.isStable({ name: 'vllm', port: 8000 })).toBe(true);
  expect(arms.isStable(ref('vllm', 1, { namespace: 'llm' }))).toBe(true);
  expect(arms.isStable(ref('vllm', 1, { namespace: 'elsewhere' }))).toBe(false);
  expect(arms.isStable(ref('vllm', 1, { port: 9000 }))).toBe(false);
  expect(arms.isStable(ref('vllm', 1, { kind: 'InferencePool', group: 'inference.networking.k8s.io' }))).toBe(
    false,
  );
});

test('sameShares looks at shares, order and filters', () => {
  expect(sameShares([ref('vllm', 80), ref('other', 20)], [ref('vllm', 4), ref('other', 1)])).toBe(true);
  expect(sameShares([ref('vllm', 0)], [ref('vllm', 0)])).toBe(true);
  expect(sameShares([ref('vllm', 80), ref('other', 20)], [ref('other', 1), ref('vllm', 4)])).toBe(false);
  expect(sameShares([ref('vllm')], [ref('vllm', 1, { filters: [headerFilter('x')] })])).toBe(false);
});
