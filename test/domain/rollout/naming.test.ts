import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../../src/domain/plan/plan.ts';
import {
  annotations,
  canaryServiceName,
  canaryWorkloadName,
  labels,
  withSuffix,
  workflowIdOf,
} from '../../../src/domain/rollout/naming.ts';

const target: Target = {
  cluster: 'default',
  namespace: 'llm',
  workload: { kind: 'Deployment', name: 'engine' },
  service: { name: 'front', port: 8000 },
  router: { kind: 'HTTPRoute', name: 'llm' },
};

test('one workflow a target: cluster, namespace and name are its id', () => {
  expect(workflowIdOf('eu-1', 'llm', 'chat')).toBe('rollout/eu-1/llm/chat');
});

test('the canary is named after what it stands beside', () => {
  expect(canaryWorkloadName(target)).toBe('engine-canary');
  expect(canaryServiceName(target)).toBe('front-canary');
});

test('keys of labels and annotations are valid: a DNS prefix, a name of at most 63 characters', () => {
  for (const key of [...Object.values(labels), ...Object.values(annotations)])
    expect(key).toMatch(/^sluice\.dev\/[a-z]([-a-z]{0,61}[a-z])?$/);
});

describe('withSuffix', () => {
  test('a name of exactly 63 characters stays whole', () => {
    expect(withSuffix('a'.repeat(56), 'canary')).toBe(`${'a'.repeat(56)}-canary`);
  });

  test('a longer one has 63 characters and ends in hash and suffix', () => {
    expect(withSuffix('a'.repeat(57), 'canary')).toMatch(/^a{47}-[0-9a-f]{8}-canary$/);
    expect(withSuffix('a'.repeat(63), 'canary')).toHaveLength(63);
  });

  test('two long names that differ only at the end stay two', () => {
    const [one, other] = ['x', 'y'].map((end) => withSuffix(`${'a'.repeat(60)}${end}`, 'canary'));
    expect(one).not.toBe(other);
  });

  test('the hash is FNV-1a, so names stay the same from version to version', () => {
    // Computed by another implementation, checked against the published value for "foobar" (0xbf9cf968).
    expect(withSuffix('a'.repeat(57), 'canary')).toBe(`${'a'.repeat(47)}-1a62c174-canary`);
  });
});
