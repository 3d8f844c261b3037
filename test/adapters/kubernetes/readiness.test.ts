import { describe, expect, test } from '@jest/globals';
import type { V1ContainerStatus, V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import { worstTrouble } from '../../../src/adapters/kubernetes/pod-trouble.ts';
import { armInMotion, settledArm } from '../../../src/adapters/kubernetes/readiness.ts';

function deployment(status: NonNullable<V1Deployment['status']>, arg = 'new'): V1Deployment {
  const template = {
    metadata: { labels: { app: 'vllm' } },
    spec: { containers: [{ name: 'vllm', args: [arg] }] },
  };
  return {
    metadata: { name: 'vllm', namespace: 'llm', uid: 'd', generation: 7 },
    spec: { replicas: 2, selector: { matchLabels: { app: 'vllm' } }, template },
    status,
  };
}

function replicaSet(uid: string, arg: string, readyReplicas: number): V1ReplicaSet {
  const labels = { app: 'vllm', 'pod-template-hash': uid };
  return {
    metadata: { uid, ownerReferences: [controller('d')] },
    spec: {
      selector: {},
      template: { metadata: { labels }, spec: { containers: [{ name: 'vllm', args: [arg] }] } },
    },
    status: { replicas: 2, readyReplicas },
  };
}

function controller(uid: string) {
  return { apiVersion: 'apps/v1', kind: 'any', name: 'any', controller: true, uid };
}

describe('an arm', () => {
  test('that has all it asks for is settled', () => {
    const status = { observedGeneration: 7, replicas: 2, updatedReplicas: 2, readyReplicas: 2 };
    expect(settledArm(deployment(status))).toEqual({
      desired: 2,
      ready: 2,
      serving: 2,
      summary: '2/2 ready',
    });
  });

  test.each([
    [
      'the status is of an older generation',
      { observedGeneration: 6, replicas: 2, updatedReplicas: 2, readyReplicas: 2 },
    ],
    [
      'pods of an older template are there',
      { observedGeneration: 7, replicas: 3, updatedReplicas: 2, readyReplicas: 3 },
    ],
    ['a pod is not ready', { observedGeneration: 7, replicas: 2, updatedReplicas: 2, readyReplicas: 1 }],
    ['there is no status yet', {}],
  ])('is not settled when %s', (_, status) => {
    expect(settledArm(deployment(status))).toBeNull();
  });

  test('counts pods of the newest template only', () => {
    const status = { observedGeneration: 7, replicas: 3, updatedReplicas: 1, readyReplicas: 2 };
    const sets = [replicaSet('old', 'old', 2), replicaSet('new', 'new', 1)];
    expect(armInMotion(deployment(status), sets, [])).toEqual({
      desired: 2,
      ready: 1,
      serving: 2,
      summary: '1/2 ready: waiting for pods',
    });
  });

  test('has none ready just after a new template, and serves with the pods of the old one', () => {
    const status = { observedGeneration: 6, replicas: 2, updatedReplicas: 2, readyReplicas: 2 };
    expect(armInMotion(deployment(status), [replicaSet('old', 'old', 2)], [])).toMatchObject({
      ready: 0,
      serving: 2,
      summary: '0/2 ready: no pods of the newest template yet',
    });
  });

  test('that was only scaled keeps the pods it has', () => {
    const status = { observedGeneration: 6, replicas: 1, updatedReplicas: 1, readyReplicas: 1 };
    expect(armInMotion(deployment(status), [replicaSet('new', 'new', 1)], [])).toMatchObject({ ready: 1 });
  });

  test("says what the Deployment's own conditions say when there are no pods at all", () => {
    const conditions = [
      { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota: gpus' },
    ];
    const found = armInMotion(deployment({ conditions }), [replicaSet('new', 'new', 0)], []);
    expect(found.summary).toBe('0/2 ready: FailedCreate: exceeded quota: gpus');
  });
});

describe('the worst trouble of pods', () => {
  const pod = (status: V1Pod['status'], name = 'p'): V1Pod => ({
    metadata: { name },
    ...(status ? { status } : {}),
  });
  const container = (part: Partial<V1ContainerStatus>): V1ContainerStatus => ({
    name: 'vllm',
    image: 'i',
    imageID: 'i',
    ready: false,
    restartCount: 0,
    ...part,
  });
  const waiting = (reason: string, message = '') => container({ state: { waiting: { reason, message } } });

  test.each<[string, V1Pod['status'], string | null]>([
    ['a ready pod has none', { conditions: [{ type: 'Ready', status: 'True' }] }, null],
    [
      'an image that cannot be pulled',
      { containerStatuses: [waiting('ImagePullBackOff', 'Back-off pulling image "x"')] },
      'ImagePullBackOff (container vllm of pod p): Back-off pulling image "x"',
    ],
    [
      'a crash loop tells how the last run ended',
      {
        containerStatuses: [
          {
            ...waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container'),
            restartCount: 4,
            lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', message: 'token=secret' } },
          },
        ],
      },
      'CrashLoopBackOff (container vllm of pod p): OOMKilled, exit code 137, 4 restarts',
    ],
    [
      'no node has room',
      {
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes: no gpu' },
        ],
      },
      'Unschedulable (pod p): 0/1 nodes: no gpu',
    ],
    [
      'an init container counts',
      { initContainerStatuses: [waiting('CreateContainerConfigError', 'secret "s" not found')] },
      'CreateContainerConfigError (container vllm of pod p): secret "s" not found',
    ],
    [
      'the log of a container that ended is not told',
      {
        containerStatuses: [
          container({ state: { terminated: { exitCode: 1, reason: 'Error', message: 'key=1' } } }),
        ],
      },
      'Error (container vllm of pod p): exit code 1',
    ],
    [
      'a model that loads',
      { containerStatuses: [container({ started: false, state: { running: {} } })] },
      'starting (container vllm of pod p)',
    ],
    [
      'a probe that fails after the start',
      { containerStatuses: [container({ started: true, restartCount: 2, state: { running: {} } })] },
      'running, and not ready (container vllm of pod p), 2 restarts',
    ],
    ['nothing known yet', { phase: 'Pending' }, 'pod p is Pending'],
  ])('%s', (_, status, expected) => {
    expect(worstTrouble([pod(status)])).toBe(expected);
  });

  test('what needs a person comes before what passes', () => {
    const pods = [
      pod({ containerStatuses: [waiting('ContainerCreating')] }, 'a'),
      pod({ containerStatuses: [waiting('ErrImagePull', 'not found')] }, 'b'),
    ];
    expect(worstTrouble(pods)).toBe('ErrImagePull (container vllm of pod b): not found');
  });
});
