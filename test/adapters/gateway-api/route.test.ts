import { describe, expect, test } from '@jest/globals';
import { claimed, movedBack, released, restored, shifted } from '../../../src/adapters/gateway-api/route.ts';
import { readState } from '../../../src/adapters/gateway-api/state.ts';
import { failureTypes, type FailureType } from '../../../src/domain/failures.ts';
import { annotations } from '../../../src/domain/rollout/naming.ts';
import {
  backends,
  fence,
  headerFilter,
  ref,
  routeOf,
  rule,
  target,
  withoutAnnotation,
  withRules,
} from './fixtures.ts';

const simple = routeOf(rule('/v1', ref('vllm')));
const shared = routeOf(
  rule('/v1', ref('vllm', 80, { filters: [headerFilter('stable')] }), ref('other', 20)),
  rule('/docs', ref('docs')),
  rule('/v2', ref('vllm', 100)),
);
const claimedBy = (route = simple) => claimed(route, target, fence(1));
const at = (percent: number, epoch = 2, route = simple) =>
  shifted(claimedBy(route), target, percent, fence(epoch), null);

const fault = (type: FailureType, message: RegExp): unknown =>
  expect.objectContaining({ type, message: expect.stringMatching(message) });

describe('claimed', () => {
  test('notes the fence, and changes nothing else that anybody reads', () => {
    const route = claimedBy(shared);
    expect(readState(route, target).fence).toEqual({ ...fence(1), released: false });
    expect(route.spec).toEqual(shared.spec);
    expect(route.metadata.annotations).toMatchObject({ 'example.com/owner': 'team' });
  });

  test('changes nothing the second time, also when it comes after the first shift', () => {
    for (const route of [claimedBy(), at(10)]) expect(claimed(route, target, fence(9))).toEqual(route);
  });

  test.each([
    {
      name: 'another rollout owns it',
      found: claimedBy(),
      mine: fence(1, 'b'),
      type: failureTypes.TargetTaken,
    },
    {
      name: 'it has ended here: a claim that comes late',
      found: released(claimedBy(), fence(3)),
      mine: fence(1),
      type: failureTypes.StaleWrite,
    },
    {
      name: 'a later rollout was here: a claim that comes even later',
      found: released(claimed(simple, target, fence(1, 'c')), fence(2, 'c')),
      mine: fence(1, 'b'),
      type: failureTypes.StaleWrite,
    },
  ])('is refused where $name', ({ found, mine, type }) => {
    expect(() => claimed(found, target, mine)).toThrow(fault(type, /cannot change HTTPRoute llm\/llm/));
  });

  test('is refused without a rule for stable, with what was found', () => {
    const route = routeOf(rule('/v1', ref('vllm', 1, { port: 9000 })), rule('/', ref('web', 3)));
    expect(() => claimedBy(route)).toThrow(
      fault(failureTypes.Refused, /Service vllm port 8000.*vllm port 9000 weight 1, web port 8000 weight 3/),
    );
    expect(() => claimedBy(routeOf())).toThrow(fault(failureTypes.Refused, /found no backends/));
  });

  test('is refused where stable gets nothing: there is nothing to split', () => {
    const route = routeOf(rule('/v1', ref('vllm', 0), ref('other', 1)));
    expect(() => claimedBy(route)).toThrow(fault(failureTypes.Refused, /vllm port 8000 weight 0/));
  });

  test('is refused where the canary is named already: nobody could tell what was there before', () => {
    const route = routeOf(rule('/v1', ref('vllm', 90), ref('vllm-canary', 10)));
    expect(() => claimedBy(route)).toThrow(fault(failureTypes.Refused, /vllm-canary.*remove it first/));
  });

  test('lets the next rollout in after the end of the last, with a note of its own', () => {
    const after = released(movedBack(at(10), target, fence(3)), fence(4));
    const next = claimed(after, target, fence(1, 'b'));
    expect(readState(next, target).fence).toEqual({ ...fence(1, 'b'), released: false });
  });
});

describe('shifted', () => {
  test('splits every rule that names stable, and no other', () => {
    const route = at(10, 2, shared);
    expect(backends(route)).toEqual([
      'vllm 360, vllm-canary 40, other 100',
      'docs 1',
      'vllm 90, vllm-canary 10',
    ]);
    expect(readState(route, target)).toMatchObject({ canaryWeightPercent: 10, rules: 2 });
  });

  test('changes nothing the second time at the same epoch; notes a later epoch', () => {
    const route = at(10, 2);
    expect(shifted(route, target, 10, fence(2), null)).toEqual(route);
    const later = shifted(route, target, 10, fence(3), null);
    expect(readState(later, target).fence?.epoch).toBe(3);
    expect(later.spec).toEqual(route.spec);
  });

  test.each([
    { name: 'a later epoch was written', found: at(10, 5) },
    { name: 'the route was not claimed', found: simple },
    { name: 'another rollout owns it', found: claimed(simple, target, fence(1, 'b')) },
    { name: 'the rollout has ended', found: released(claimedBy(), fence(2)) },
  ])('is stale where $name', ({ found }) => {
    expect(() => shifted(found, target, 50, fence(4), null)).toThrow(fault(failureTypes.StaleWrite, /./));
  });

  test.each([-1, 100.1, Number.NaN])('refuses %d %', (percent) => {
    expect(() => at(percent)).toThrow(fault(failureTypes.Refused, /must be 0 to 100; found/));
  });

  test('0 % names the canary only; the way back writes the route as it was', () => {
    const named = at(0);
    expect(named.spec.rules?.flatMap((it) => it.backendRefs ?? [])).toEqual([
      expect.objectContaining({ name: 'vllm', weight: 100 }),
      expect.objectContaining({ name: 'vllm-canary', weight: 0 }),
    ]);
    expect(readState(named, target).canaryWeightPercent).toBe(0);
    expect(movedBack(named, target, fence(3)).spec).toEqual(simple.spec);
  });

  test('keeps what others changed since the last look: rules, filters, weights of their backends', () => {
    const changed = withRules(at(10, 2, shared), (rules) => [
      rule('/new', ref('new')),
      ...rules.map((it, i) => (i === 0 ? { ...it, filters: [headerFilter('theirs')], timeouts: {} } : it)),
    ]);
    const route = shifted(changed, target, 50, fence(3), null);
    expect(backends(route)).toEqual([
      'new 1',
      'vllm 200, vllm-canary 200, other 100',
      'docs 1',
      'vllm 50, vllm-canary 50',
    ]);
    expect(route.spec.rules?.[1]).toMatchObject({ filters: [headerFilter('theirs')], timeouts: {} });
  });
});

describe('movedBack', () => {
  test.each([0.1, 10, 50, 100])('from %d % the rules are exactly what they were', (percent) => {
    expect(movedBack(at(percent, 2, shared), target, fence(3)).spec).toEqual(shared.spec);
  });

  test('and released, nothing but the fence is left', () => {
    const after = released(movedBack(at(10, 2, shared), target, fence(3)), fence(4));
    expect(withoutAnnotation(after, annotations.fence)).toEqual(shared);
  });

  test('notes its epoch even where nothing is to be moved: a shift under way must come too late', () => {
    const route = movedBack(claimedBy(), target, fence(5));
    expect(() => shifted(route, target, 10, fence(4), null)).toThrow(
      fault(failureTypes.StaleWrite, /epoch 5/),
    );
    expect(movedBack(route, target, fence(5))).toEqual(route);
  });

  test('changes nothing after the end of the rollout, its own or that of a later one', () => {
    const own = released(movedBack(at(10), target, fence(3)), fence(4));
    const later = released(claimed(own, target, fence(1, 'b')), fence(2, 'b'));
    for (const route of [own, later]) expect(movedBack(route, target, fence(3))).toEqual(route);
  });

  test('is stale where another rollout owns the route, or a later epoch was written', () => {
    const theirs = claimed(simple, target, fence(1, 'b'));
    expect(() => movedBack(theirs, target, fence(9))).toThrow(fault(failureTypes.StaleWrite, /rollout b/));
    expect(() => movedBack(at(10, 5), target, fence(4))).toThrow(fault(failureTypes.StaleWrite, /epoch 5/));
  });

  test('works without the note: stable gets the canary’s weight', () => {
    const route = movedBack(withoutAnnotation(at(10, 2, shared), annotations.before), target, fence(3));
    expect(backends(route)).toEqual(['vllm 400, other 100', 'docs 1', 'vllm 100']);
  });

  test('works without the fence: only raising needs one', () => {
    const route = movedBack(withoutAnnotation(at(10), annotations.fence), target, fence(3));
    expect(route.spec).toEqual(simple.spec);
    expect(() => shifted(route, target, 10, fence(2), null)).toThrow(
      fault(failureTypes.StaleWrite, /epoch 3/),
    );
  });

  test('works with notes that cannot be read', () => {
    const broken = {
      ...at(10),
      metadata: {
        name: 'llm',
        annotations: { [annotations.before]: '{"rules":1}', [annotations.fence]: 'x' },
      },
    };
    expect(backends(movedBack(broken, target, fence(3)))).toEqual(['vllm 100']);
  });
});

describe('what others did to the rules meanwhile stays (S8)', () => {
  const before = at(10, 2, shared);

  test('rules in another order: each gets its own backends back', () => {
    const route = movedBack(
      withRules(before, (rules) => rules.toReversed()),
      target,
      fence(3),
    );
    expect(route.spec.rules).toEqual(shared.spec.rules?.toReversed());
  });

  test('other matches, filters and timeouts: only the backends go back', () => {
    const changed = withRules(before, (rules) =>
      rules.map((it) => ({ ...it, ...rule('/moved'), backendRefs: it.backendRefs ?? [], filters: [] })),
    );
    expect(backends(movedBack(changed, target, fence(3)))).toEqual(backends(shared));
    expect(movedBack(changed, target, fence(3)).spec.rules?.[0]).toMatchObject(
      rule('/moved', ...(shared.spec.rules?.[0]?.backendRefs ?? [])),
    );
  });

  test('other shares of a foreign backend, or one more: theirs stay, the canary’s goes to stable', () => {
    const changed = withRules(before, ([first, ...rest]) => [
      { ...first, backendRefs: [...(first?.backendRefs ?? []), ref('third', 500)] },
      ...rest,
    ]);
    const route = movedBack(changed, target, fence(3));
    expect(backends(route)).toEqual(['vllm 400, other 100, third 500', 'docs 1', 'vllm 100']);
  });

  test('a rule that was removed stays removed', () => {
    const route = movedBack(
      withRules(before, (rules) => rules.slice(1)),
      target,
      fence(3),
    );
    expect(route.spec.rules).toEqual(shared.spec.rules?.slice(1));
  });

  test('a new rule for stable is split with the next shift, and goes back to what it was', () => {
    const added = rule('/new', ref('vllm', 3));
    const route = shifted(
      withRules(before, (rules) => [added, ...rules]),
      target,
      50,
      fence(3),
      null,
    );
    expect(backends(route)[0]).toBe('vllm 50, vllm-canary 50');
    expect(movedBack(route, target, fence(4)).spec.rules).toEqual([added, ...(shared.spec.rules ?? [])]);
  });

  test('a rule that somebody led to the canary alone leads to stable afterwards, or it would lead nowhere', () => {
    const changed = withRules(before, (rules) => [...rules, rule('/test', ref('vllm-canary', 5))]);
    expect(readState(changed, target).canaryWeightPercent).toBeNull();
    expect(backends(movedBack(changed, target, fence(3))).at(-1)).toBe('vllm 5');
  });
});

describe('restored', () => {
  test('moves back, whoever owns the route, and fences the owner off', () => {
    const route = restored(at(10, 7, shared), target, 5000);
    expect(route.spec).toEqual(shared.spec);
    expect(readState(route, target).fence).toEqual({ ...fence(8), released: true });
    expect(() => shifted(route, target, 10, fence(9), null)).toThrow(fault(failureTypes.StaleWrite, /ended/));
    expect(() => claimed(route, target, fence(9))).toThrow(fault(failureTypes.StaleWrite, /ended/));
  });

  test('lets the rollback of a workflow that still runs succeed, and the next rollout in', () => {
    const route = restored(at(10), target, 5000);
    expect(movedBack(route, target, fence(8))).toEqual(route);
    expect(released(route, fence(9))).toEqual(route);
    expect(claimed(route, target, fence(1, 'b')).spec).toEqual(simple.spec);
  });

  test('changes nothing the second time', () => {
    const route = restored(at(10), target, 5000);
    expect(restored(route, target, 6000)).toEqual(route);
  });

  test('keeps earlier rollouts out of a route that had lost its fence', () => {
    const route = restored(withoutAnnotation(at(10), annotations.fence), target, 5000);
    expect(route.spec).toEqual(simple.spec);
    expect(() => claimed(route, target, fence(9))).toThrow(fault(failureTypes.StaleWrite, /later rollout/));
    expect(claimed(route, target, { ...fence(1), startedAtMs: 5001 }).spec).toEqual(simple.spec);
  });
});

describe('released', () => {
  test('leaves a fence on a route that was never claimed: a claim under way comes too late', () => {
    const route = released(simple, fence(4));
    expect(() => claimed(route, target, fence(1))).toThrow(fault(failureTypes.StaleWrite, /ended/));
  });

  test('changes nothing the second time, nor on another rollout’s route', () => {
    const own = released(claimedBy(), fence(4));
    const theirs = claimed(simple, target, fence(1, 'b'));
    for (const route of [own, theirs]) expect(released(route, fence(5))).toEqual(route);
  });

  test('is stale where a later epoch was written', () => {
    expect(() => released(at(10, 5), fence(4))).toThrow(fault(failureTypes.StaleWrite, /epoch 5/));
  });
});
