import { defaultPayloadConverter } from '@temporalio/common';
import type { RolloutActivities } from '../../src/activities/types.ts';
import type { RolloutHandle } from './workflow-runner.ts';

/** What Temporal shows of an activity that has not ended: in its UI, and by `temporal workflow describe`. */
export interface PendingActivity {
  readonly attempt: number;
  /** What its heartbeats carried last; null before. */
  readonly details: unknown;
  /** Of the attempt before, if any. */
  readonly lastFailure: string | null;
}

/** @returns null when no activity of this name is pending. */
export async function pendingActivity(
  handle: RolloutHandle,
  name: keyof RolloutActivities,
): Promise<PendingActivity | null> {
  const { raw } = await handle.describe();
  const found = raw.pendingActivities?.find(({ activityType }) => activityType?.name === name);
  if (found === undefined) return null;
  const [payload] = found.heartbeatDetails?.payloads ?? [];
  return {
    attempt: found.attempt ?? 0,
    details: payload === undefined ? null : defaultPayloadConverter.fromPayload(payload),
    lastFailure: found.lastFailure?.message ?? null,
  };
}
