import type { V1ContainerState, V1Job, V1JobCondition, V1Pod, V1PodStatus } from '@kubernetes/client-node';
import type { JudgeAnswer } from '../../src/domain/judge/answer.ts';
import type { JudgedPlan } from '../../src/domain/judge/config-of.ts';
import type { JudgePlan } from '../../src/domain/plan/judge-plan.ts';
import { judgePlan, quickPlan } from '../support/plans.ts';

const sha256 = '0123456789abcdef'.repeat(4);

/** Everything that an answer can say. */
export const answer = {
  version: 1,
  pairs: {
    wins: 30,
    losses: 40,
    ties: 30,
    scores: {
      count: 100,
      stable: { mean: 0.8, variance: 0.04 },
      canary: { mean: 0.75, variance: 0.05 },
      covariance: 0.03,
    },
  },
  noise: { wins: 2, losses: 3, ties: 5 },
  trust: {
    asked: 103,
    lost: { stable: 1, canary: 2, judge: 0 },
    identical: { asked: 5, right: 5 },
    spoilt: { asked: 5, right: 4 },
    order: { decided: 140, first: 80 },
    sameFamily: false,
  },
  prompts: { name: 'prompts.jsonl', sha256, count: 103 },
  judge: { model: 'judge-1', promptSha256: sha256 },
  lengths: { stable: 400.5, canary: 380, controlledWinRate: null },
  tokens: {
    judge: { input: 100_000, output: 5000 },
    stable: { input: 9000, output: 20_000 },
    canary: { input: 9000, output: 19_000 },
  },
  transcripts: 'claim kept, file vllm-judge-1.jsonl',
  transcriptsProblem: 'the transcript ends early: ENOSPC',
} as const satisfies JudgeAnswer;

export function judgedPlan(changes: Partial<JudgePlan> = {}): JudgedPlan {
  return { ...quickPlan(), judge: judgePlan(changes) };
}

/** Times as the API server writes them. */
export const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString() as never;

export function jobWith(...conditions: Pick<V1JobCondition, 'type' | 'reason' | 'message'>[]): V1Job {
  return {
    metadata: { name: 'vllm-judge-1', uid: 'job', creationTimestamp: at(0) },
    spec: { activeDeadlineSeconds: 3660, template: {} },
    status: { startTime: at(0), conditions: conditions.map((it) => ({ ...it, status: 'True' })) },
  };
}

/** @param container state of the one that judges; none when there is nothing to tell yet. */
export function podWith(
  container: V1ContainerState | null,
  status: V1PodStatus = {},
  metadata: V1Pod['metadata'] = {},
): V1Pod {
  const statuses =
    container === null
      ? []
      : [
          {
            name: 'judge',
            state: container,
            image: 'example/judge:1',
            imageID: '',
            ready: false,
            restartCount: 0,
          },
        ];
  return {
    metadata: {
      name: 'vllm-judge-1-abcde',
      creationTimestamp: at(1),
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: 'vllm-judge-1', uid: 'job', controller: true },
      ],
      ...metadata,
    },
    status: { phase: 'Pending', containerStatuses: statuses, ...status },
  };
}
