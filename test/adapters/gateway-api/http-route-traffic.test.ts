import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { httpRoute } from '../../../src/adapters/gateway-api/http-route.ts';
import { failureTypes } from '../../../src/domain/failures.ts';
import { annotations } from '../../../src/domain/rollout/naming.ts';
import { backends, fence, headerFilter, ref, rule, withoutAnnotation } from './fixtures.ts';
import { untilChanged, untilQuiet } from '../../support/change-watch.ts';
import { makeRealRoute, type RealRoute } from './real-route.ts';

const header = { name: 'x-canary', value: 'always' };

let real: RealRoute;

beforeEach(async () => {
  real = await makeRealRoute(
    { ...rule('/v1', ref('vllm', 80, { filters: [headerFilter('stable')] }), ref('other', 20)) },
    rule('/docs', ref('docs')),
    { backendRefs: [{ name: 'vllm', port: 8000 }] },
  );
});

afterEach(() => real.remove());

test('a whole rollout: what the route says at each step, and at the end it is what it was (S9)', async () => {
  const { traffic, target } = real;
  const before = await real.read();
  expect(await traffic.read(target)).toEqual({
    canaryWeightPercent: 0,
    fence: null,
    accepted: false,
    rules: 2,
  });

  await traffic.claim(target, fence(1));
  expect(await traffic.read(target)).toMatchObject({
    canaryWeightPercent: 0,
    fence: { epoch: 1, released: false },
  });
  let epoch = 1;
  for (const percent of [0.1, 1, 10, 50, 100]) {
    epoch += 1;
    const state = await traffic.shift(target, percent, fence(epoch), header, null);
    expect(state).toMatchObject({ canaryWeightPercent: percent, fence: { epoch }, rules: 2 });
  }
  expect(backends(await real.read())).toEqual([
    'vllm-canary 1',
    'vllm 0, vllm-canary 400, other 100',
    'docs 1',
    'vllm-canary 1',
    'vllm 0, vllm-canary 100',
  ]);

  expect(await traffic.moveBack(target, fence(8))).toMatchObject({
    canaryWeightPercent: 0,
    fence: { epoch: 8 },
  });
  expect((await real.read()).spec).toEqual(before.spec);
  await traffic.release(target, fence(9));
  const after = withoutAnnotation(await real.read(), annotations.fence);
  expect(after.spec).toEqual(before.spec);
  expect(after.metadata.annotations).toEqual(before.metadata.annotations);
  expect(await traffic.read(target)).toMatchObject({ fence: { ...fence(9), released: true } });
});

test('every call can be made twice, and the second one writes nothing (S5)', async () => {
  const { traffic, target, proxy } = real;
  const steps = [
    () => traffic.claim(target, fence(1)),
    () => traffic.shift(target, 10, fence(2), header, null),
    () => traffic.moveBack(target, fence(3)),
    () => traffic.release(target, fence(4)),
    () => traffic.moveBack(target, fence(3)),
    () => traffic.restoreRoute(target, 5000),
  ];
  const writes: number[] = [];
  for (const step of steps) {
    await step();
    await step();
    writes.push(proxy.writes());
  }
  expect(writes).toEqual([1, 2, 3, 4, 4, 4]);
});

describe('refusals', () => {
  test('a route that is not there', async () => {
    const { traffic, target } = real;
    const elsewhere = { ...target, router: { ...target.router, name: 'none' } };
    await expect(traffic.claim(elsewhere, fence(1))).rejects.toMatchObject({
      type: failureTypes.Refused,
      message: expect.stringMatching(/cannot read HTTPRoute .*\/none: 404/),
    });
  });

  test('a route that leads elsewhere, with what it leads to', async () => {
    const { traffic, target } = real;
    const elsewhere = { ...target, service: { name: 'engine', port: 8000 } };
    await expect(traffic.claim(elsewhere, fence(1))).rejects.toMatchObject({
      type: failureTypes.Refused,
      message: expect.stringMatching(/Service engine port 8000.*vllm port 8000 weight 80/),
    });
  });

  test('a second rollout, until the first has ended', async () => {
    const { traffic, target } = real;
    await traffic.claim(target, fence(1));
    await expect(traffic.claim(target, fence(1, 'b'))).rejects.toMatchObject({
      type: failureTypes.TargetTaken,
    });
    await traffic.release(target, fence(2));
    await traffic.claim(target, fence(1, 'b'));
    await expect(traffic.claim(target, fence(1))).rejects.toMatchObject({ type: failureTypes.TargetTaken });
    await traffic.release(target, fence(2, 'b'));
    await expect(traffic.claim(target, fence(1))).rejects.toMatchObject({ type: failureTypes.StaleWrite });
  });
});

describe('restoreRoute (S14)', () => {
  test('puts the route back while the rollout believes that it owns it, and keeps it out', async () => {
    const { traffic, target } = real;
    const before = await real.read();
    await traffic.claim(target, fence(1));
    await traffic.shift(target, 50, fence(2), header, null);
    expect(await traffic.restoreRoute(target, 5000)).toMatchObject({ canaryWeightPercent: 0 });
    expect((await real.read()).spec).toEqual(before.spec);
    await expect(traffic.shift(target, 50, fence(9), header, null)).rejects.toMatchObject({
      type: failureTypes.StaleWrite,
    });
    // The rollout's own way back finds nothing left to do.
    await traffic.moveBack(target, fence(10));
    await traffic.release(target, fence(11));
    await traffic.claim(target, fence(1, 'b'));
  });

  test('works after somebody removed the notes', async () => {
    const { traffic, target, others } = real;
    await traffic.claim(target, fence(1));
    await traffic.shift(target, 50, fence(2), header, null);
    const gone = { [annotations.before]: null, [annotations.fence]: null };
    await others.patch(
      httpRoute,
      target.namespace,
      'llm',
      { metadata: { annotations: gone } },
      { type: 'merge' },
    );
    await traffic.restoreRoute(target, 5000);
    expect(backends(await real.read())).toEqual(['vllm 400, other 100', 'docs 1', 'vllm 100']);
  });
});

test('a watch tells of what is written on the route', async () => {
  const { traffic, target } = real;
  const watch = traffic.watch(target);
  await untilQuiet(watch);
  await traffic.claim(target, fence(1));
  await untilChanged(watch);
  watch.end();
});
