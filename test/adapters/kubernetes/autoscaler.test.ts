import { describe, expect, test } from '@jest/globals';
import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { autoscalerProblems, pin, unpin } from '../../../src/adapters/kubernetes/autoscaler.ts';
import { targetIn } from './objects.ts';

const owner = { rolloutId: 'run-1' };

function scaler(minReplicas: number | undefined, note?: string): V2HorizontalPodAutoscaler {
  return {
    metadata: {
      namespace: 'llm',
      name: 'vllm',
      resourceVersion: '9',
      ...(note === undefined ? {} : { annotations: { 'sluice.dev/before': note } }),
    },
    spec: {
      ...(minReplicas === undefined ? {} : { minReplicas }),
      maxReplicas: 5,
      scaleTargetRef: { kind: 'Deployment', name: 'vllm' },
    },
  };
}

const noteOf = (rolloutId: string, pinnedTo = 3) =>
  JSON.stringify({ rolloutId, minReplicas: 1, maxReplicas: 5, stableReplicas: 3, pinnedTo });

describe('pinning an autoscaler', () => {
  test('raises minReplicas to what stable has, and notes what was there in the same write', () => {
    expect(pin(scaler(1), 3, owner)).toEqual({
      metadata: { resourceVersion: '9', annotations: { 'sluice.dev/before': noteOf('run-1') } },
      spec: { minReplicas: 3 },
    });
  });

  test.each([
    ['stable has no more than minReplicas', scaler(3), 3],
    ['minReplicas is not set and stable has one', scaler(undefined), 1],
    ['it is pinned already', scaler(3, noteOf('run-1')), 5],
    ['somebody raised it above the pin', scaler(4, noteOf('run-1')), 5],
  ])('writes nothing when %s', (_, found, stableReplicas) => {
    expect(pin(found, stableReplicas, owner)).toBeNull();
  });

  test('never asks for more than maxReplicas', () => {
    expect(pin(scaler(1), 9, owner)).toMatchObject({ spec: { minReplicas: 5 } });
  });

  test.each([
    ['ForeignChange', 'somebody lowered it below the pin', scaler(1, noteOf('run-1'))],
    ['TargetTaken', 'another rollout has pinned it', scaler(3, noteOf('run-0'))],
    ['Refused', 'its note cannot be read', scaler(3, '{"rolloutId":')],
  ])('%s when %s', (type, _, found) => {
    expect(() => pin(found, 3, owner)).toThrow(expect.objectContaining({ type }));
  });
});

describe('unpinning an autoscaler', () => {
  test('puts minReplicas back and takes the note away', () => {
    expect(unpin(scaler(3, noteOf('run-1')), owner)).toEqual({
      patch: {
        metadata: { resourceVersion: '9', annotations: { 'sluice.dev/before': null } },
        spec: { minReplicas: 1 },
      },
      kept: null,
    });
  });

  test('leaves a minReplicas that somebody set meanwhile, and says so', () => {
    expect(unpin(scaler(2, noteOf('run-1')), owner)).toEqual({
      patch: { metadata: { resourceVersion: '9', annotations: { 'sluice.dev/before': null } }, spec: {} },
      kept: 'HorizontalPodAutoscaler llm/vllm: somebody set minReplicas to 2 during the rollout; that stays (before it was 1)',
    });
  });

  test.each([
    ['nobody pinned', scaler(1)],
    ['another rollout pinned', scaler(3, noteOf('run-0'))],
    ['carries a spoilt note', scaler(3, 'x')],
  ])('does nothing to one that %s', (_, found) => {
    expect(unpin(found, owner)).toBeNull();
  });
});

test('two autoscalers, and one that an operator keeps, are problems', () => {
  const ownerReferences = [
    { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'x', uid: 'u', controller: true },
  ];
  const kept = { ...scaler(1), metadata: { namespace: 'llm', name: 'keda', ownerReferences } };
  expect(autoscalerProblems([scaler(1), kept], targetIn('llm'))).toEqual([
    expect.stringContaining('is scaled by 2 autoscalers'),
    expect.stringContaining('HorizontalPodAutoscaler llm/keda is kept by ScaledObject x'),
  ]);
});
