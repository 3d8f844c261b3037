import { describe, expect, test } from '@jest/globals';
import type { HttpRoute, ParentRef, ParentStatus } from '../../../src/adapters/gateway-api/http-route.ts';
import { readState } from '../../../src/adapters/gateway-api/state.ts';
import { ref, routeOf, rule, target } from './fixtures.ts';

describe('canaryWeightPercent', () => {
  test.each([
    { name: 'no canary', rules: [rule('/', ref('vllm'))], percent: 0 },
    { name: 'one rule', rules: [rule('/', ref('vllm', 999), ref('vllm-canary', 1))], percent: 0.1 },
    {
      name: 'beside a foreign backend',
      rules: [rule('/', ref('vllm', 3), ref('vllm-canary', 1), ref('x', 9))],
      percent: 25,
    },
    {
      name: 'rules that agree',
      rules: [
        rule('/', ref('vllm', 9), ref('vllm-canary', 1)),
        rule('/2', ref('vllm', 90), ref('vllm-canary', 10)),
      ],
      percent: 10,
    },
    {
      name: 'rules that differ',
      rules: [rule('/', ref('vllm', 9), ref('vllm-canary', 1)), rule('/2', ref('vllm'))],
      percent: null,
    },
    {
      name: 'a rule that gives both nothing says nothing',
      rules: [rule('/', ref('vllm')), rule('/2', ref('vllm', 0), ref('x'))],
      percent: 0,
    },
    { name: 'no rule for stable', rules: [rule('/', ref('x'))], percent: null },
  ])('$name: $percent', ({ rules, percent }) => {
    expect(readState(routeOf(...rules), target).canaryWeightPercent).toBe(percent);
  });
});

describe('accepted', () => {
  const gateway: ParentRef = { namespace: 'gateway', name: 'gateway' };
  const answer = (
    parentRef: ParentRef,
    more: { generation?: number; resolved?: string } = {},
  ): ParentStatus => ({
    parentRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', ...parentRef },
    conditions: [
      { type: 'Accepted', status: 'True', observedGeneration: more.generation ?? 4 },
      { type: 'ResolvedRefs', status: more.resolved ?? 'True', observedGeneration: more.generation ?? 4 },
    ],
  });
  const acceptedBy = (parentRefs: readonly ParentRef[], parents: readonly ParentStatus[]) => {
    const route: HttpRoute = routeOf(rule('/', ref('vllm')));
    const { metadata, spec } = route;
    return readState(
      {
        ...route,
        metadata: { ...metadata, generation: 4 },
        spec: { ...spec, parentRefs },
        status: { parents },
      },
      target,
    ).accepted;
  };

  test.each([
    { name: 'its gateway says so', refs: [gateway], answers: [answer(gateway)], accepted: true },
    { name: 'nobody has said anything', refs: [gateway], answers: [], accepted: false },
    {
      name: 'the answer is about what was there before',
      refs: [gateway],
      answers: [answer(gateway, { generation: 3 })],
      accepted: false,
    },
    {
      name: 'a backend cannot be resolved',
      refs: [gateway],
      answers: [answer(gateway, { resolved: 'False' })],
      accepted: false,
    },
    {
      name: 'one of two gateways has not answered',
      refs: [gateway, { name: 'local' }],
      answers: [answer(gateway)],
      accepted: false,
    },
    {
      name: 'both gateways say so',
      refs: [gateway, { name: 'local' }],
      answers: [answer(gateway), answer({ namespace: 'llm', name: 'local' })],
      accepted: true,
    },
    {
      name: 'only another listener of the gateway says so',
      refs: [{ ...gateway, sectionName: 'a' }],
      answers: [answer({ ...gateway, sectionName: 'b' })],
      accepted: false,
    },
    {
      name: 'a controller that is gone left its old answer beside',
      refs: [gateway],
      answers: [answer(gateway, { generation: 1 }), answer(gateway)],
      accepted: true,
    },
    { name: 'it has no gateway', refs: [], answers: [], accepted: false },
  ])('$accepted where $name', ({ refs, answers, accepted }) => {
    expect(acceptedBy(refs, answers)).toBe(accepted);
  });
});
