import { describe, expect, test } from '@jest/globals';
import { podNamePattern } from '../../../src/adapters/prometheus/pod-names.ts';
import type { Target } from '../../../src/domain/plan/plan.ts';
import {
  annotations,
  canaryServiceName,
  canaryWorkloadName,
  judgeJobName,
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

describe('a judge’s Job', () => {
  const first = { phase: 0, attempt: 1 };

  test('is named after the Service, the rollout, the phase as people count, and the attempt', () => {
    expect(judgeJobName(target, 'foobar', { phase: 1, attempt: 2 })).toBe('front-judge-bf9cf968-2-2');
  });

  test('of another rollout, phase or attempt has another name', () => {
    const names = [
      judgeJobName(target, 'one', first),
      judgeJobName(target, 'other', first),
      judgeJobName(target, 'one', { ...first, phase: 1 }),
      judgeJobName(target, 'one', { ...first, attempt: 2 }),
    ];
    expect(new Set(names).size).toBe(4);
  });

  test('leaves room in 63 characters for what its pods’ names have more', () => {
    const long = { ...target, service: { name: 's'.repeat(63), port: 8000 } };
    const name = judgeJobName(long, 'one', { phase: 11, attempt: 10 });
    expect(name).toMatch(/^s+-[0-9a-f]{8}-judge-[0-9a-f]{8}-12-10$/);
    expect(`${name}-abcde`).toHaveLength(63);
  });

  test('never has pods that look like those of the Deployment of that name', () => {
    const pod = `${judgeJobName(target, 'one', first)}-bcdfg`;
    expect(pod).not.toMatch(new RegExp(`^(${podNamePattern('front')})$`));
    expect(pod).not.toMatch(new RegExp(`^(${podNamePattern('front-canary')})$`));
  });
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
