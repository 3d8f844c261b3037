import type { RolloutHandle } from './workflow-runner.ts';

/** What a history says about the activities of a rollout. */
export interface ActivitiesInHistory {
  /** Types in the order in which the workflow asked for them. */
  readonly scheduled: readonly string[];
  /** Types of which an attempt was lost with its worker, and another one came after it. */
  readonly retried: ReadonlySet<string>;
}

/** Reads the history of a rollout that has ended. */
export async function activitiesInHistory(handle: RolloutHandle): Promise<ActivitiesInHistory> {
  const { events } = await handle.fetchHistory();
  const types = new Map<string, string>();
  const retried = new Set<string>();
  for (const {
    eventId,
    activityTaskScheduledEventAttributes,
    activityTaskStartedEventAttributes,
  } of events ?? []) {
    const type = activityTaskScheduledEventAttributes?.activityType?.name;
    if (type) types.set(String(eventId), type);
    // One event a activity, of the last attempt; it says how the one before it ended.
    const { scheduledEventId, lastFailure } = activityTaskStartedEventAttributes ?? {};
    const lost = lastFailure?.timeoutFailureInfo !== undefined && lastFailure.timeoutFailureInfo !== null;
    if (lost) retried.add(types.get(String(scheduledEventId)) ?? '');
  }
  return { scheduled: [...types.values()], retried };
}
