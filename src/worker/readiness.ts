import type { ProbeAnswer } from './probe.ts';

/** What Temporal's SDK says of its worker (`Worker.getStatus`). */
export interface WorkerStanding {
  readonly runState: string;
  readonly workflowPollerState: string;
  readonly activityPollerState: string;
}

export interface Signs {
  /** SIGTERM has come. */
  readonly stopping: boolean;
  /** Null until the worker exists. */
  readonly worker: WorkerStanding | null;
  /** By the name of what was asked. */
  readonly probes: Readonly<Record<string, ProbeAnswer>>;
}

/** Why no work is done here; empty when it is. */
export function whyNotReady({ stopping, worker, probes }: Signs): readonly string[] {
  if (stopping) return ['stopping'];
  return [
    ...workerTrouble(worker),
    ...Object.entries(probes).flatMap(([name, answer]) => probeTrouble(name, answer)),
  ];
}

function workerTrouble(worker: WorkerStanding | null): readonly string[] {
  if (worker === null) return ['the worker has not started'];
  const { runState, workflowPollerState, activityPollerState } = worker;
  if (runState !== 'RUNNING') return [`the worker is ${runState}`];
  return [
    ...(workflowPollerState === 'POLLING' ? [] : [`its workflow poller is ${workflowPollerState}`]),
    ...(activityPollerState === 'POLLING' ? [] : [`its activity poller is ${activityPollerState}`]),
  ];
}

function probeTrouble(name: string, answer: ProbeAnswer): readonly string[] {
  switch (answer.kind) {
    case 'answered':
      return [];
    case 'waiting':
      return [`${name} has not answered yet`];
    case 'silent':
      return [`${name} does not answer: ${answer.why}`];
  }
}
