import { describe, expect, test } from '@jest/globals';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { afterGrace, judgeJobState } from '../../src/adapters/kubernetes/judge/job-state.ts';
import { answer, at, jobWith, podWith } from './objects.ts';

const resources = { resources: { cpu: '250m', memory: '256Mi' } };
const stateOf = (job: V1Job, ...pods: V1Pod[]) => judgeJobState(job, pods, resources);

const complete = jobWith({ type: 'Complete' });
const broken = jobWith({ type: 'Failed', reason: 'BackoffLimitExceeded', message: 'too often' });
const late = jobWith({ type: 'Failed', reason: 'DeadlineExceeded', message: 'active longer than specified' });
const going = jobWith();

const message = JSON.stringify(answer);
const answered = podWith(
  { terminated: { exitCode: 0, reason: 'Completed', message } },
  { phase: 'Succeeded' },
);
const exited = (terminated: { exitCode: number; reason?: string; message?: string }, status = {}) =>
  podWith({ terminated }, { phase: 'Failed', ...status });
const bound = { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: at(5) }] };
const waitingFor = (reason: string, text?: string) =>
  podWith({ waiting: { reason, ...(text === undefined ? {} : { message: text }) } }, bound);
const disrupted = (reason: string, text: string) => ({
  conditions: [{ type: 'DisruptionTarget', status: 'True', reason, message: text }],
});
const leaving = { deletionTimestamp: at(9) };

describe('a Job that has ended', () => {
  test('has answered', () => {
    expect(stateOf(complete, answered)).toEqual({ kind: 'answered', answer });
  });

  test('has answered before Kubernetes says that it is complete', () => {
    expect(stateOf(going, answered)).toEqual({ kind: 'answered', answer });
  });

  test('has answered although a container beside it goes on, even until the deadline', () => {
    const meshed = podWith({ terminated: { exitCode: 0, message } }, { phase: 'Running' }, leaving);
    expect(stateOf(late, meshed)).toEqual({ kind: 'answered', answer });
  });

  test.each<[string, V1Job, V1Pod[], string]>([
    [
      'without an answer',
      complete,
      [podWith({ terminated: { exitCode: 0 } })],
      'it wrote nothing to its termination message',
    ],
    ['and lost its pod before it was read', complete, [], 'its pod was removed before its answer was read'],
    ['with an exit code', broken, [exited({ exitCode: 1, reason: 'Error' })], 'Error, exit code 1'],
    [
      'with text that is not for the history',
      broken,
      [exited({ exitCode: 1, reason: 'Error', message: 'Traceback: sk-123' })],
      'Error, exit code 1',
    ],
    [
      'with a reason of its own',
      broken,
      [exited({ exitCode: 3, message: '{"version":1,"failed":"the model answers 401"}' })],
      'the judge gave up: the model answers 401',
    ],
    [
      'for want of memory',
      broken,
      [exited({ exitCode: 137, reason: 'OOMKilled' })],
      'OOMKilled: it needed more memory than its 256Mi, exit code 137',
    ],
    [
      'as its program does not exist',
      broken,
      [exited({ exitCode: 128, reason: 'StartError', message: 'exec: "judge": not found' })],
      'StartError, exit code 128',
    ],
    [
      'by eviction',
      broken,
      [
        exited(
          { exitCode: 137, reason: 'Error' },
          { reason: 'Evicted', message: 'The node was low on resource: memory.' },
        ),
      ],
      'Evicted: The node was low on resource: memory.',
    ],
    [
      'by preemption',
      broken,
      [exited({ exitCode: 137 }, disrupted('PreemptionByScheduler', 'preempting to accommodate another'))],
      'PreemptionByScheduler: preempting to accommodate another',
    ],
    [
      'by a drained node, and its pod still goes',
      going,
      [
        podWith(
          { running: {} },
          { phase: 'Running', ...disrupted('EvictionByEvictionAPI', 'Eviction API: evicting') },
          leaving,
        ),
      ],
      'EvictionByEvictionAPI: Eviction API: evicting',
    ],
    [
      'when somebody removed its pod',
      broken,
      [podWith({ terminated: { exitCode: 137 } }, { phase: 'Failed' }, leaving)],
      'its pod was removed, exit code 137',
    ],
    ['when its pod is gone', broken, [], 'its pod was removed'],
    ['past its deadline, and its pod is gone', late, [], 'it ran past its deadline (3660 s)'],
    [
      'past its deadline while it waited',
      late,
      [waitingFor('ImagePullBackOff')],
      'it ran past its deadline (3660 s), waiting: ImagePullBackOff',
    ],
    [
      'past its deadline, and its pod still goes',
      jobWith({ type: 'FailureTarget', reason: 'DeadlineExceeded' }),
      [podWith({ running: {} }, { phase: 'Running' }, leaving)],
      'it ran past its deadline (3660 s)',
    ],
    [
      'for a reason that only Kubernetes knows',
      jobWith({ type: 'Failed', reason: 'PodFailurePolicy', message: 'because' }),
      [podWith(null)],
      'PodFailurePolicy: because',
    ],
  ])('%s', (_, job, pods, why) => {
    expect(stateOf(job, ...pods)).toEqual({ kind: 'failed', why });
  });

  test('does not answer by the pod of another Job of its name', () => {
    const [owner] = answered.metadata?.ownerReferences ?? [];
    const metadata = { ...answered.metadata, ownerReferences: owner ? [{ ...owner, uid: 'other' }] : [] };
    expect(stateOf(complete, { ...answered, metadata })).toMatchObject({ kind: 'failed' });
  });
});

describe('a Job that goes on', () => {
  test.each<[string, V1Pod, string]>([
    [
      'no node has room',
      podWith(null, {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/3 nodes are available',
          },
        ],
      }),
      'pod is not scheduled: Unschedulable: 0/3 nodes are available',
    ],
    ['it is being made', waitingFor('ContainerCreating'), 'pod is waiting: ContainerCreating'],
    ['its node has not heard of it', podWith(null, bound), 'pod is Pending'],
    [
      'its pod is removed, which tells its reason a moment later',
      podWith({ terminated: { exitCode: 137 } }, { phase: 'Failed' }, leaving),
      'pod is being removed',
    ],
    ['it runs', podWith({ running: {} }, { ...bound, phase: 'Running' }), 'pod is running'],
  ])('while %s says so', (_, pod, what) => {
    expect(stateOf(going, pod)).toEqual({ kind: 'running', what });
  });

  test.each([
    ['ImagePullBackOff', 'Back-off pulling image "example/judge:1"'],
    ['ErrImagePull', 'not found'],
    ['InvalidImageName', 'invalid reference format'],
    ['CreateContainerConfigError', 'secret "judge" not found'],
  ])('with %s is stuck since its pod has a node', (reason, text) => {
    expect(stateOf(going, waitingFor(reason, text))).toEqual({
      kind: 'stuck',
      what: `pod is waiting: ${reason}: ${text}`,
      sinceMs: Date.parse(at(5)),
    });
  });

  test('without a pod is stuck since it was begun', () => {
    expect(stateOf(going)).toEqual({
      kind: 'stuck',
      what: 'no pod is made: a quota or an admission rule may forbid it',
      sinceMs: Date.parse(at(0)),
    });
  });
});

describe('what is stuck', () => {
  const stuck = { kind: 'stuck', what: 'pod is waiting: ErrImagePull', sinceMs: 1000 } as const;

  test('goes on within the grace', () => {
    expect(afterGrace(stuck, 120_999, 120_000)).toEqual({ kind: 'running', what: stuck.what });
  });

  test('has failed after it, and says for how long it waited', () => {
    expect(afterGrace(stuck, 121_000, 120_000)).toEqual({
      kind: 'failed',
      why: 'pod is waiting: ErrImagePull; it has waited for 120 s',
    });
  });

  test('goes on where the clocks of the cluster disagree', () => {
    expect(afterGrace(stuck, 0, 120_000)).toEqual({ kind: 'running', what: stuck.what });
  });
});
