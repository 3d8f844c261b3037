import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { RolloutActivities } from '../activities/types.ts';

/** Activities heartbeat; a worker that died is noticed after this. */
const heartbeatTimeout = '8 s';
/** Nobody watches a canary for as long as its worker is dead and this has not passed. */
const watchHeartbeatTimeout = '5 s';

/** Soon at first, never longer than the maximum: a rollout waits for a cluster, not the other way round. */
const patient = { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '15 s' } as const;

const kinds = {
  /** Reads that end by themselves; nothing is changed, so a cancelled one need not be waited for. */
  reads: {
    startToCloseTimeout: '30 s',
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: patient,
  },
  /** Looking for as long as it takes. */
  watches: {
    startToCloseTimeout: '30 d',
    heartbeatTimeout: watchHeartbeatTimeout,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { ...patient, initialInterval: '100 ms' },
  },
  /** Judges: slow, and what cancels one waits until it starts no more Jobs. */
  judges: {
    startToCloseTimeout: '30 d',
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: patient,
  },
  /** Writes: what cancels one waits until it has really stopped before it clears away. The plan's deadlines end them. */
  writes: {
    startToCloseTimeout: '2 h',
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: patient,
  },
  /** The way back, and the end: retried until they succeed (S7), fast at first. */
  always: {
    startToCloseTimeout: '30 d',
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '200 ms', backoffCoefficient: 1.5, maximumInterval: '5 s' },
  },
  /** Telling somebody outside, who may be away. */
  tells: {
    startToCloseTimeout: '10 s',
    retry: { ...patient, maximumAttempts: 5 },
  },
} as const satisfies Record<string, ActivityOptions>;

/**
 * The activities, called with the timeouts and retries of a kind.
 * @param summary what the Temporal UI shows beside the call.
 */
export function call(kind: keyof typeof kinds, summary: string): RolloutActivities {
  return proxyActivities<RolloutActivities>({ ...kinds[kind], summary });
}
