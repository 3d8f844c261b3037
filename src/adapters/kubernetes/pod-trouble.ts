import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

/** Longest text that is taken over from Kubernetes. */
const longest = 300;

/** What keeps a pod from being ready. Of several pods people want to hear of the one with the lowest rank. */
export interface PodTrouble {
  readonly rank: number;
  readonly sentence: string;
}

/** The worst trouble of some pods; null when there is none. */
export function worstTrouble(pods: readonly V1Pod[]): string | null {
  const troubles = pods.flatMap((pod) => troublesOf(pod)).sort((a, b) => a.rank - b.rank);
  return troubles[0]?.sentence.slice(0, longest) ?? null;
}

/** Reasons why a container waits that pass by themselves: everything else needs a person. */
const passing: readonly (string | undefined)[] = ['ContainerCreating', 'PodInitializing'];

function troublesOf(pod: V1Pod): PodTrouble[] {
  const name = pod.metadata?.name ?? '';
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return [
    ...unschedulable(pod),
    ...statuses.flatMap((status) => containerTrouble(status, name)),
    ...(isReady(pod) ? [] : [{ rank: 9, sentence: `pod ${name} is ${pod.status?.phase ?? 'Pending'}` }]),
  ];
}

function unschedulable(pod: V1Pod): PodTrouble[] {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False') return [];
  const { reason = 'not scheduled', message = '' } = scheduled;
  return [{ rank: 2, sentence: `${reason} (pod ${pod.metadata?.name ?? ''}): ${message}` }];
}

function containerTrouble(status: V1ContainerStatus, pod: string): PodTrouble[] {
  const where = `(container ${status.name} of pod ${pod})`;
  const { waiting, terminated, running } = status.state ?? {};
  if (waiting !== undefined) {
    const rank = passing.includes(waiting.reason) ? 7 : 1;
    const detail = waiting.reason === 'CrashLoopBackOff' ? lastEnd(status) : (waiting.message ?? '');
    return [
      { rank, sentence: `${waiting.reason ?? 'waiting'} ${where}${detail === '' ? '' : `: ${detail}`}` },
    ];
  }
  // The message of a container that ended is the end of its log: anything may be in there (S12).
  if (terminated !== undefined && terminated.exitCode !== 0)
    return [
      { rank: 3, sentence: `${terminated.reason ?? 'Error'} ${where}: exit code ${terminated.exitCode}` },
    ];
  if (running !== undefined && !status.ready && status.started === true)
    return [{ rank: 5, sentence: `running, and not ready ${where}${restarts(status)}` }];
  if (running !== undefined && status.started === false)
    return [{ rank: 6, sentence: `starting ${where}${restarts(status)}` }];
  return [];
}

function lastEnd(status: V1ContainerStatus): string {
  const last = status.lastState?.terminated;
  const end = last === undefined ? '' : `${last.reason ?? 'Error'}, exit code ${last.exitCode}, `;
  return `${end}${status.restartCount} restarts`;
}

function restarts({ restartCount }: V1ContainerStatus): string {
  return restartCount === 0 ? '' : `, ${restartCount} restarts`;
}

/** Serving: ready, and not on its way out. */
export function isReady(pod: V1Pod): boolean {
  const ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready === true && pod.metadata?.deletionTimestamp === undefined;
}
