import type { V1ContainerState, V1Job, V1Pod } from '@kubernetes/client-node';
import type { JudgePlan } from '../../../domain/plan/judge-plan.ts';
import type { JudgeJobState } from '../../../ports/judge-jobs.ts';
import { isControlledBy, isEnding } from '../ownership.ts';
import { judgeContainer } from './job-object.ts';
import { readAnswer, readReason } from './read-answer.ts';

/** Longest text that is taken over from Kubernetes. */
const longest = 300;

/** What stands in a pod's way until a person helps: images that cannot be pulled, Secrets that are not there. */
const stuckReasons: readonly (string | undefined)[] = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
  'CreateContainerConfigError',
  'CreateContainerError',
];

/** A Job that stands still. Whether it has done so for too long, only the API server's clock can tell. */
export interface Stuck {
  readonly kind: 'stuck';
  readonly what: string;
  /** Unix time by the cluster's clocks: no earlier than this it began to wait. */
  readonly sinceMs: number;
}

/**
 * Where a Job stands, by itself and its pods. What the container that judges has said counts first: a Job is told to be
 * complete a moment later, or never, where a mesh puts a container beside it that does not end.
 * @param pods of the try; those of another Job of that name are left out.
 */
export function judgeJobState(
  job: V1Job,
  pods: readonly V1Pod[],
  plan: Pick<JudgePlan, 'resources'>,
): JudgeJobState | Stuck {
  const own = pods.filter((pod) => isControlledBy(pod, job));
  const pod = own.find((it) => stateOf(it).terminated?.exitCode === 0) ?? own.at(-1) ?? null;
  const ended = pod === null ? undefined : stateOf(pod).terminated;
  if (ended?.exitCode === 0) return readAnswer(ended.message);
  const failure = conditionOf(job, ['Failed', 'FailureTarget']);
  if (failure?.reason === 'DeadlineExceeded')
    return failed(`it ran past its deadline (${job.spec?.activeDeadlineSeconds ?? 0} s)${waitingNow(pod)}`);
  const disturbed = pod === null ? null : disruptionOf(pod);
  if (disturbed !== null) return failed(disturbed);
  if (pod !== null && isEnding(pod)) {
    // Kubernetes removes the pod of a Job that is late, too, and says so in the Job a moment later.
    if (failure === null) return running('pod is being removed');
    return failed(`its pod was removed${exitOf(ended)}`);
  }
  if (ended !== undefined)
    return readReason(ended.message) ?? failed(`${endOf(ended, plan)}${exitOf(ended)}`);
  if (failure !== null) return failed(pod === null ? 'its pod was removed' : saidBy(failure));
  if (conditionOf(job, ['Complete']) !== null)
    return failed('its pod was removed before its answer was read');
  return pod === null ? withoutPod(job) : withPod(pod);
}

/** Its one pod asks no more, whatever Kubernetes says of the Job: a container that a mesh put beside it may go on. */
export function hasJudged(job: V1Job, pods: readonly V1Pod[]): boolean {
  return pods.some((pod) => isControlledBy(pod, job) && stateOf(pod).terminated !== undefined);
}

/**
 * @param nowMs by the API server's clock.
 * @param graceMs how long what is stuck may stay so.
 */
export function afterGrace({ what, sinceMs }: Stuck, nowMs: number, graceMs: number): JudgeJobState {
  const waitedMs = nowMs - sinceMs;
  if (waitedMs < graceMs) return { kind: 'running', what };
  return failed(`${what}; it has waited for ${Math.round(waitedMs / 1000)} s`);
}

/** A quota or an admission rule that allows no pod shows only in events. */
function withoutPod(job: V1Job): Stuck {
  const sinceMs = timeOf(job.status?.startTime ?? job.metadata?.creationTimestamp);
  return { kind: 'stuck', what: 'no pod is made: a quota or an admission rule may forbid it', sinceMs };
}

function withPod(pod: V1Pod): JudgeJobState | Stuck {
  const scheduled = conditionOf(pod, ['PodScheduled'], 'False');
  // Nodes may be added for it; the deadline ends this.
  if (scheduled !== null) return running(`pod is not scheduled: ${saidBy(scheduled)}`);
  const { waiting, running: runs } = stateOf(pod);
  if (waiting !== undefined) {
    const detail = waiting.message ? `: ${waiting.message}` : '';
    const what = `pod is waiting: ${waiting.reason ?? 'nobody says why'}${detail}`.slice(0, longest);
    return stuckReasons.includes(waiting.reason)
      ? { kind: 'stuck', what, sinceMs: boundAtMs(pod) }
      : running(what);
  }
  return running(runs === undefined ? `pod is ${pod.status?.phase ?? 'Pending'}` : 'pod is running');
}

/** When it was given to a node, before which it waited for one: by the control plane's clock. */
function boundAtMs(pod: V1Pod): number {
  const bound = conditionOf(pod, ['PodScheduled']);
  return Math.max(timeOf(pod.metadata?.creationTimestamp), timeOf(bound?.lastTransitionTime));
}

/** Somebody needed its place: evicted, preempted, its node gone. Kubernetes has two ways to say so. */
function disruptionOf(pod: V1Pod): string | null {
  const { phase, reason, message = '' } = pod.status ?? {};
  if (phase === 'Failed' && reason !== undefined) return saidBy({ reason, message });
  const condition = conditionOf(pod, ['DisruptionTarget']);
  return condition === null ? null : saidBy(condition);
}

type Ended = NonNullable<V1ContainerState['terminated']>;

function endOf({ reason = 'Error' }: Ended, { resources }: Pick<JudgePlan, 'resources'>): string {
  return reason === 'OOMKilled' ? `OOMKilled: it needed more memory than its ${resources.memory}` : reason;
}

function exitOf(ended: Ended | undefined): string {
  return ended === undefined ? '' : `, exit code ${ended.exitCode}`;
}

function waitingNow(pod: V1Pod | null): string {
  const reason = pod === null ? undefined : stateOf(pod).waiting?.reason;
  return reason === undefined ? '' : `, waiting: ${reason}`;
}

function stateOf({ status }: V1Pod): V1ContainerState {
  return status?.containerStatuses?.find(({ name }) => name === judgeContainer)?.state ?? {};
}

interface Condition {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: Date;
}

function conditionOf(
  { status }: V1Job | V1Pod,
  types: readonly string[],
  value: 'True' | 'False' = 'True',
): Condition | null {
  const found = status?.conditions?.find((it) => types.includes(it.type) && it.status === value);
  return found ?? null;
}

function saidBy({ reason, message = '' }: Condition): string {
  return `${reason ?? 'no reason'}${message === '' ? '' : `: ${message}`}`.slice(0, longest);
}

/** Times are text, although the types say Date. */
function timeOf(time: Date | string | undefined): number {
  return time === undefined ? 0 : new Date(time).getTime();
}

function running(what: string): JudgeJobState {
  return { kind: 'running', what };
}

function failed(why: string): JudgeJobState {
  return { kind: 'failed', why };
}
