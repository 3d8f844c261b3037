import { describe, expect, test } from '@jest/globals';
import { mayClaim, mayWrite, type Fence, type FenceOnRoute } from '../../../src/domain/rollout/fence.ts';

const mine: Fence = { rolloutId: 'b', startedAtMs: 2000, epoch: 3 };

interface Row {
  readonly name: string;
  readonly found: FenceOnRoute | null;
  /** Null where it is allowed. */
  readonly refusal: RegExp | null;
}

describe('mayClaim', () => {
  const rows: readonly Row[] = [
    { name: 'a free route', found: null, refusal: null },
    { name: 'its own route, once more', found: { ...mine, released: false }, refusal: null },
    {
      name: 'its own route at a later epoch: a second attempt',
      found: { ...mine, epoch: 9, released: false },
      refusal: null,
    },
    {
      name: 'an earlier rollout has ended',
      found: { rolloutId: 'a', startedAtMs: 1000, epoch: 50, released: true },
      refusal: null,
    },
    {
      name: 'an earlier rollout has not ended',
      found: { rolloutId: 'a', startedAtMs: 1000, epoch: 1, released: false },
      refusal: /rollout a owns the route/,
    },
    {
      name: 'a later rollout owns it',
      found: { rolloutId: 'c', startedAtMs: 3000, epoch: 1, released: false },
      refusal: /rollout c owns the route/,
    },
    {
      name: 'a later rollout was here and has ended',
      found: { rolloutId: 'c', startedAtMs: 3000, epoch: 1, released: true },
      refusal: /later rollout c was here/,
    },
    {
      name: 'another one of the same millisecond has ended: nobody knows which is later',
      found: { rolloutId: 'c', startedAtMs: 2000, epoch: 1, released: true },
      refusal: /later rollout c was here/,
    },
    {
      name: 'it has ended here itself',
      found: { ...mine, released: true },
      refusal: /rollout b has ended here/,
    },
  ];

  test.each(rows)('$name', ({ found, refusal }) => {
    expectAnswer(mayClaim(found, mine), refusal);
  });
});

describe('mayWrite', () => {
  const rows: readonly Row[] = [
    {
      name: 'a later epoch than the one found',
      found: { ...mine, epoch: 2, released: false },
      refusal: null,
    },
    { name: 'the same epoch: a second attempt', found: { ...mine, released: false }, refusal: null },
    {
      name: 'an earlier epoch: decided before what is there',
      found: { ...mine, epoch: 4, released: false },
      refusal: /epoch 4 was written, this is 3/,
    },
    { name: 'no fence', found: null, refusal: /carries no fence/ },
    {
      name: "another rollout's fence, released or not",
      found: { rolloutId: 'a', startedAtMs: 1, epoch: 1, released: true },
      refusal: /rollout a owns the route/,
    },
    { name: 'after its own end', found: { ...mine, released: true }, refusal: /rollout b has ended here/ },
  ];

  test.each(rows)('$name', ({ found, refusal }) => {
    expectAnswer(mayWrite(found, mine), refusal);
  });
});

function expectAnswer(answer: ReturnType<typeof mayClaim>, refusal: RegExp | null): void {
  if (refusal === null) {
    expect(answer).toEqual({ allowed: true });
    return;
  }
  expect(answer).toEqual({ allowed: false, why: expect.stringMatching(refusal) });
}
