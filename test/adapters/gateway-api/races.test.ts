import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { httpRoute, type HttpRoute } from '../../../src/adapters/gateway-api/http-route.ts';
import { isConflict } from '../../../src/adapters/kubernetes-api/faults.ts';
import { failureTypes } from '../../../src/domain/failures.ts';
import { backends, fence, headerFilter, ref, rule, withRules } from './fixtures.ts';
import { makeRealRoute, type RealRoute } from './real-route.ts';

let real: RealRoute;

beforeEach(async () => {
  real = await makeRealRoute(rule('/v1', ref('vllm')), rule('/docs', ref('docs')));
  await real.traffic.claim(real.target, fence(1));
});

afterEach(() => real.remove());

const isWrite = ({ method }: { method: string }) => method !== 'GET';

/** Something that a test lets happen when it wants. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    opened: promise,
    open: () => {
      resolve(undefined);
    },
  };
}

describe('an attempt that is late', () => {
  test('a shift that was decided before the rollback and is written after it changes nothing (S4)', async () => {
    const { traffic, target, proxy } = real;
    await traffic.shift(target, 1, fence(2), null, null);
    const partition = gate();
    const caught = proxy.disturb({ to: isWrite, hold: partition.opened });
    const late = traffic.shift(target, 50, fence(3), null, null).catch((error: unknown) => error);
    await caught;
    await traffic.moveBack(target, fence(4));
    partition.open();
    expect(await late).toMatchObject({
      type: failureTypes.StaleWrite,
      message: expect.stringMatching(/epoch 4/),
    });
    expect(await traffic.read(target)).toMatchObject({ canaryWeightPercent: 0, fence: { epoch: 4 } });
    expect(backends(await real.read())).toEqual(['vllm 1', 'docs 1']);
  });

  test('also where the rollback found nothing to move: no weight rises after it', async () => {
    const { traffic, target, proxy } = real;
    const partition = gate();
    const caught = proxy.disturb({ to: isWrite, hold: partition.opened });
    const late = traffic.shift(target, 1, fence(2), null, null).catch((error: unknown) => error);
    await caught;
    await traffic.moveBack(target, fence(3));
    partition.open();
    expect(await late).toMatchObject({ type: failureTypes.StaleWrite });
    expect(backends(await real.read())).toEqual(['vllm 1', 'docs 1']);
  });

  test('also where the rollout has ended and the next one runs', async () => {
    const { traffic, target, proxy } = real;
    const partition = gate();
    const caught = proxy.disturb({ to: isWrite, hold: partition.opened });
    const late = traffic.shift(target, 50, fence(2), null, null).catch((error: unknown) => error);
    await caught;
    await traffic.moveBack(target, fence(3));
    await traffic.release(target, fence(4));
    await traffic.claim(target, fence(1, 'b'));
    await traffic.shift(target, 1, fence(2, 'b'), null, null);
    partition.open();
    expect(await late).toMatchObject({
      type: failureTypes.StaleWrite,
      message: expect.stringMatching(/rollout b/),
    });
    expect(await traffic.read(target)).toMatchObject({ canaryWeightPercent: 1, fence: { rolloutId: 'b' } });
  });

  test('a claim that arrives after the end of its rollout does not take the route again', async () => {
    const { traffic, target, proxy } = real;
    await traffic.release(target, fence(2));
    const partition = gate();
    const caught = proxy.disturb({ to: isWrite, hold: partition.opened });
    const late = traffic.claim(target, fence(1, 'b')).catch((error: unknown) => error);
    await caught;
    // Another attempt of the same rollout got through, and the rollout has ended since.
    await traffic.claim(target, fence(1, 'b'));
    await traffic.release(target, fence(2, 'b'));
    partition.open();
    expect(await late).toMatchObject({ type: failureTypes.StaleWrite });
    expect(await traffic.read(target)).toMatchObject({ fence: { rolloutId: 'b', released: true } });
  });

  test('two attempts of one shift at once: one writes, both succeed (S5)', async () => {
    const { traffic, target } = real;
    const states = await Promise.all([1, 2, 3].map(() => traffic.shift(target, 10, fence(2), null, null)));
    for (const state of states) expect(state).toMatchObject({ canaryWeightPercent: 10, fence: { epoch: 2 } });
    expect(backends(await real.read())).toEqual(['vllm 90, vllm-canary 10', 'docs 1']);
  });
});

describe('others who write between our read and our write', () => {
  const annotate = (value: string) =>
    real.others.patch(
      httpRoute,
      real.target.namespace,
      'llm',
      { metadata: { annotations: { 'example.com/count': value } } },
      { type: 'merge' },
    );

  /** Lets `meanwhile` happen just before each of our next writes arrives. */
  async function withEachWrite(meanwhile: readonly (() => Promise<unknown>)[]): Promise<void> {
    for (const happen of meanwhile) {
      const held = gate();
      await real.proxy.disturb({ to: isWrite, hold: held.opened });
      await happen();
      held.open();
    }
  }

  beforeEach(async () => {
    await real.traffic.shift(real.target, 10, fence(2), null, null);
  });

  test.each([
    {
      what: 'a shift',
      ours: () => real.traffic.shift(real.target, 50, fence(3), null, null),
      rule: 'vllm 50, vllm-canary 50',
    },
    { what: 'a way back', ours: () => real.traffic.moveBack(real.target, fence(3)), rule: 'vllm 1' },
    {
      what: 'a release',
      ours: () => real.traffic.release(real.target, fence(3)),
      rule: 'vllm 90, vllm-canary 10',
    },
  ])('annotations, every time: they cost $what one more attempt, not more', async ({ ours, rule: first }) => {
    const writes = real.proxy.writes();
    await Promise.all([ours(), withEachWrite([() => annotate('1'), () => annotate('2')])]);
    expect(real.proxy.writes() - writes).toBe(2);
    const route = await real.read();
    expect(backends(route)).toEqual([first, 'docs 1']);
    expect(route.metadata.annotations).toMatchObject({ 'example.com/count': '2' });
    expect(await real.traffic.read(real.target)).toMatchObject({ fence: { epoch: 3 } });
  });

  test('rules, twice: both of theirs are there, and ours', async () => {
    const add = (name: string) => async () => {
      const route = withRules(await real.read(), (rules) => [...rules, rule(`/${name}`, ref(name))]);
      await real.others.replace(httpRoute, real.target.namespace, route);
    };
    await Promise.all([
      real.traffic.shift(real.target, 50, fence(3), null, null),
      withEachWrite([add('one'), add('two')]),
    ]);
    expect(backends(await real.read())).toEqual(['vllm 50, vllm-canary 50', 'docs 1', 'one 1', 'two 1']);
  });

  test('annotations, then our own rollback: the second attempt is fenced off as the first (S4)', async () => {
    const late = real.traffic.shift(real.target, 50, fence(3), null, null).catch((error: unknown) => error);
    const rollback = () => real.trafficFor({ conflictsForMs: 1000 }).moveBack(real.target, fence(4));
    await withEachWrite([() => annotate('1'), rollback]);
    expect(await late).toMatchObject({ type: failureTypes.StaleWrite });
    expect(backends(await real.read())).toEqual(['vllm 1', 'docs 1']);
  });

  test('the route made anew under its name: it was not claimed', async () => {
    const late = real.traffic.shift(real.target, 50, fence(3), null, null).catch((error: unknown) => error);
    await withEachWrite([
      async () => {
        const { spec } = await real.read();
        await real.others.delete(httpRoute, real.target.namespace, 'llm');
        await real.others.create(httpRoute, real.target.namespace, { spec, metadata: { name: 'llm' } });
      },
    ]);
    expect(await late).toMatchObject({ type: failureTypes.StaleWrite });
  });
});

describe('a foreign controller that writes all the time', () => {
  test('loses nothing, and we get through (S8)', async () => {
    const { target } = real;
    // The other one is as fast as we are: who wins is chance, but not for long.
    const traffic = real.trafficFor({ conflictsForMs: 60_000 });
    const stop = new AbortController();
    const foreign = writeAllTheTime(real, stop.signal);
    let epoch = 1;
    for (const percent of [1, 5, 10, 25, 50, 75, 100]) {
      epoch += 1;
      const state = await traffic.shift(target, percent, fence(epoch), null, null);
      expect(state.canaryWeightPercent).toBe(percent);
    }
    await traffic.moveBack(target, fence(epoch + 1));
    stop.abort();
    const { written, conflicts } = await foreign;
    const route = await real.read();
    expect(route.metadata.annotations).toMatchObject({
      'example.com/owner': 'team',
      'example.com/count': String(written),
    });
    expect(route.spec.rules?.slice(1)).toEqual([
      { ...rule('/docs', ref('docs')), filters: [headerFilter(String(written))] },
      rule(`/new-${written}`, ref('new', written)),
    ]);
    expect(route.spec.rules?.[0]).toEqual(rule('/v1', ref('vllm')));
    // The race was one: both sides wrote, and met.
    expect(written).toBeGreaterThan(0);
    expect(conflicts).toBeGreaterThan(0);
  });

  test('that wins every time makes the shift Unavailable at its deadline, not endless', async () => {
    const { target, proxy } = real;
    void proxy.disturb({
      to: isWrite,
      times: Infinity,
      answer: { status: 409, body: { reason: 'Conflict' } },
    });
    const traffic = real.trafficFor({ conflictsForMs: 100 });
    await expect(traffic.shift(target, 10, fence(2), null, null)).rejects.toMatchObject({
      type: failureTypes.Unavailable,
      message: expect.stringMatching(/others kept writing it for 100 ms/),
    });
  });
});

/** Counts up in an annotation, in a filter of a foreign rule, and in a rule of its own, as fast as it can. */
async function writeAllTheTime(
  { others, target, read }: RealRoute,
  stop: AbortSignal,
): Promise<{ written: number; conflicts: number }> {
  let written = 0;
  let conflicts = 0;
  while (!stop.aborted) {
    const wanted = foreignChange(await read(), written + 1);
    try {
      await others.replace(httpRoute, target.namespace, wanted);
      written += 1;
    } catch (error) {
      if (!isConflict(error)) throw error;
      conflicts += 1;
    }
  }
  return { written, conflicts };
}

function foreignChange(route: HttpRoute, count: number): HttpRoute {
  const annotations = { ...route.metadata.annotations, 'example.com/count': String(count) };
  const [first = {}] = route.spec.rules ?? [];
  const changed = withRules(route, () => [
    first,
    { ...rule('/docs', ref('docs')), filters: [headerFilter(String(count))] } as typeof first,
    rule(`/new-${count}`, ref('new', count)),
  ]);
  return { ...changed, metadata: { ...route.metadata, annotations } };
}
