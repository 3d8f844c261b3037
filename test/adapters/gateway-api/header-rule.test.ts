import { describe, expect, test } from '@jest/globals';
import type { HttpRoute, RouteMatch } from '../../../src/adapters/gateway-api/http-route.ts';
import { claimed, movedBack, shifted } from '../../../src/adapters/gateway-api/route.ts';
import { readState } from '../../../src/adapters/gateway-api/state.ts';
import { failureTypes } from '../../../src/domain/failures.ts';
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

const header = { name: 'x-canary', value: 'always' };
const headerMatch = { type: 'Exact', ...header };
const stableRule = {
  ...rule('/v1', ref('vllm', 80, { filters: [headerFilter('backend')] }), ref('other', 20)),
  filters: [headerFilter('rule')],
  timeouts: { request: '0s' },
};
const found = routeOf(rule('/docs', ref('docs')), stableRule, rule('/v2', ref('vllm')));

const at = (percent: number, route: HttpRoute = found) =>
  shifted(claimed(route, target, fence(1)), target, percent, fence(2), header);

describe('the header rule', () => {
  test('stands directly in front of each rule for stable, and leads to the canary only', () => {
    expect(backends(at(10))).toEqual([
      'docs 1',
      'vllm-canary 1',
      'vllm 360, vllm-canary 40, other 100',
      'vllm-canary 1',
      'vllm 90, vllm-canary 10',
    ]);
  });

  test('has the rule’s matches with the header besides, its filters, its timeouts, and the backend’s filters', () => {
    expect(at(10).spec.rules?.[1]).toEqual({
      ...stableRule,
      matches: [{ ...stableRule.matches?.[0], headers: [headerMatch] }],
      backendRefs: [ref('vllm-canary', 1, { filters: [headerFilter('backend')] })],
    });
  });

  test('does not count as weight', () => {
    expect(readState(at(10), target)).toMatchObject({ canaryWeightPercent: 10, rules: 2 });
  });

  test('comes once, however often the weight changes, and changes with the plan’s header', () => {
    const route = at(10);
    expect(shifted(route, target, 10, fence(2), header)).toEqual(route);
    expect(shifted(route, target, 50, fence(3), header).spec.rules).toHaveLength(5);
    const other = { ...header, value: 'yes' };
    const changed = shifted(route, target, 10, fence(3), other);
    expect(changed.spec.rules).toHaveLength(5);
    expect(changed.spec.rules?.[1]?.matches?.[0]?.headers).toEqual([{ type: 'Exact', ...other }]);
    expect(shifted(route, target, 10, fence(3), null).spec.rules).toHaveLength(3);
  });

  test('goes with the way back', () => {
    expect(movedBack(at(10), target, fence(3)).spec).toEqual(found.spec);
  });

  test('goes with the way back when the note about it is gone', () => {
    const route = movedBack(withoutAnnotation(at(10), annotations.before), target, fence(3));
    expect(backends(route)).toEqual(['docs 1', 'vllm 400, other 100', 'vllm 100']);
  });

  test('a rule of somebody else that leads to the canary by another header stays, to stable', () => {
    const matches = [{ headers: [{ type: 'Exact', name: 'x-tester', value: 'me' }] }];
    const changed = withRules(at(10), (rules) => [...rules, { ...rule('/', ref('vllm-canary')), matches }]);
    expect(backends(movedBack(changed, target, fence(3)))).toEqual([
      'docs 1',
      'vllm 80, other 20',
      'vllm 1',
      'vllm 1',
    ]);
  });

  test.each([
    { name: 'asks for the same value', value: 'always', rules: 2 },
    { name: 'asks for another value, so that both can never hold', value: 'never', rules: 1 },
  ])('where a match already $name', ({ value, rules }) => {
    const matches: RouteMatch[] = [{ headers: [{ type: 'Exact', name: 'X-Canary', value }] }];
    const route = at(10, routeOf({ matches, backendRefs: [ref('vllm')] }));
    expect(route.spec.rules).toHaveLength(rules);
    for (const it of route.spec.rules ?? []) expect(it.matches).toEqual(matches);
  });

  test.each([
    {
      name: 'more than 16 rules',
      route: routeOf(...Array.from({ length: 9 }, (_, i) => rule(`/${i}`, ref('vllm')))),
    },
    {
      name: 'more than 128 matches',
      route: routeOf(
        { matches: Array.from({ length: 64 }, () => ({})), backendRefs: [ref('vllm')] },
        rule('/', ref('x')),
      ),
    },
  ])('is refused where the route would have $name', ({ route }) => {
    expect(() => at(10, route)).toThrow(
      expect.objectContaining({
        type: failureTypes.Refused,
        message: expect.stringMatching(/x-canary: a route holds at most 16 rules and 128 matches/),
      }),
    );
  });
});
