import { describe, expect, test } from '@jest/globals';
import {
  networkPolicyProblems,
  selectorProblems,
  type Selecting,
} from '../../../src/adapters/kubernetes/foreign-selectors.ts';
import { matches, selectorText } from '../../../src/adapters/kubernetes/selectors.ts';

const stable = { app: 'vllm', tier: 'llm' };
const canary = { app: 'vllm-canary', tier: 'llm', 'sluice.dev/arm': 'canary' };
const none: Selecting = {
  deployments: [],
  replicaSets: [],
  statefulSets: [],
  services: [],
  podDisruptionBudgets: [],
  networkPolicies: [],
};
const metadata = { namespace: 'llm', name: 'it' };
const template = {};

describe('a label selector', () => {
  const expression = (key: string, operator: string, values?: string[]) => ({
    matchExpressions: [{ key, operator, ...(values ? { values } : {}) }],
  });

  test.each([
    ['an empty one matches everything', {}, true, ''],
    ['labels that are there', { matchLabels: { app: 'vllm' } }, true, 'app=vllm'],
    ['a label of another value', { matchLabels: { app: 'other' } }, false, 'app=other'],
    ['In', expression('app', 'In', ['a', 'vllm']), true, 'app in (a,vllm)'],
    ['In without the label', expression('x', 'In', ['a']), false, 'x in (a)'],
    ['NotIn', expression('app', 'NotIn', ['vllm']), false, 'app notin (vllm)'],
    ['NotIn without the label', expression('x', 'NotIn', ['a']), true, 'x notin (a)'],
    ['Exists', expression('app', 'Exists'), true, 'app'],
    ['DoesNotExist', expression('app', 'DoesNotExist'), false, '!app'],
    [
      'both parts must match',
      { matchLabels: { app: 'vllm' }, ...expression('tier', 'Exists') },
      true,
      'app=vllm,tier',
    ],
  ])('%s', (_, selector, expected, text) => {
    expect(matches(selector, stable)).toBe(expected);
    expect(selectorText(selector)).toBe(text);
  });
});

describe('selectors that would take the canary for their own', () => {
  test('one that selects by what stable and canary do not share is none', () => {
    const selector = { matchLabels: { app: 'vllm' } };
    const all = { ...none, podDisruptionBudgets: [{ metadata, spec: { selector } }] };
    expect(selectorProblems(all, canary)).toEqual([]);
  });

  const shared = { matchLabels: { tier: 'llm' } };
  test.each<[string, Partial<Selecting>]>([
    ['Service', { services: [{ metadata, spec: { selector: { tier: 'llm' } } }] }],
    ['Deployment', { deployments: [{ metadata, spec: { selector: shared, template } }] }],
    ['ReplicaSet', { replicaSets: [{ metadata, spec: { selector: shared } }] }],
    ['StatefulSet', { statefulSets: [{ metadata, spec: { selector: shared, template, serviceName: 'x' } }] }],
    ['PodDisruptionBudget', { podDisruptionBudgets: [{ metadata, spec: { selector: shared } }] }],
  ])('%s by a shared label', (kind, some) => {
    expect(selectorProblems({ ...none, ...some }, canary)).toEqual([
      expect.stringContaining(`${kind} llm/it would also select the canary's pods (by tier=llm)`),
    ]);
  });

  test('a budget for all pods is one', () => {
    const all = { ...none, podDisruptionBudgets: [{ metadata, spec: { selector: {} } }] };
    expect(selectorProblems(all, canary)).toEqual([expect.stringContaining('selecting all pods')]);
  });

  test('a Service and a budget without selector select nothing', () => {
    const all = {
      ...none,
      services: [{ metadata, spec: {} }],
      podDisruptionBudgets: [{ metadata, spec: {} }],
    };
    expect(selectorProblems(all, canary)).toEqual([]);
  });

  test('a ReplicaSet of a Deployment selects what its Deployment does, and is not named again', () => {
    const ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x', uid: 'x', controller: true },
    ];
    const owned = { metadata: { ...metadata, ownerReferences }, spec: { selector: shared } };
    expect(selectorProblems({ ...none, replicaSets: [owned] }, canary)).toEqual([]);
  });
});

describe('network policies', () => {
  const policy = (podSelector: object) => ({
    ...none,
    networkPolicies: [{ metadata, spec: { podSelector } }],
  });

  test.each([
    ['for all pods', {}],
    ['for both arms by a shared label', { matchLabels: { tier: 'llm' } }],
    ['for neither arm', { matchLabels: { app: 'other' } }],
  ])('%s is no problem', (_, selector) => {
    expect(networkPolicyProblems(policy(selector), stable, canary)).toEqual([]);
  });

  test('one that the canary would escape is', () => {
    expect(networkPolicyProblems(policy({ matchLabels: { app: 'vllm' } }), stable, canary)).toEqual([
      expect.stringContaining("would select stable's pods and not the canary's (by app=vllm)"),
    ]);
  });

  test('one that would hold for the canary alone is', () => {
    const selector = { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['vllm'] }] };
    expect(networkPolicyProblems(policy(selector), stable, canary)).toEqual([
      expect.stringContaining("would select the canary's pods and not stable's"),
    ]);
  });
});
