import type { RolloutHandle } from './workflow-runner.ts';

/** What a history says of a rollout that has ended. */
export interface Told {
  /** Types of activities in the order in which the workflow asked for them. */
  readonly scheduled: readonly string[];
  /** From the first weight to the end of the first timer, in ms; NaN without both. */
  readonly firstBakeMs: number;
}

/** Reads the history of a rollout that has ended. */
export async function toldByHistory(handle: RolloutHandle): Promise<Told> {
  const { events } = await handle.fetchHistory();
  const types = new Map<string, string>();
  let weightAtMs = NaN;
  let bakedAtMs = NaN;
  for (const event of events ?? []) {
    const atMs = Number(event.eventTime?.seconds) * 1000 + (event.eventTime?.nanos ?? 0) / 1e6;
    const type = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (type) types.set(String(event.eventId), type);
    const completed = event.activityTaskCompletedEventAttributes?.scheduledEventId;
    if (Number.isNaN(weightAtMs) && types.get(String(completed)) === 'shiftWeight') weightAtMs = atMs;
    if (Number.isNaN(bakedAtMs) && event.timerFiredEventAttributes) bakedAtMs = atMs;
  }
  return { scheduled: [...types.values()], firstBakeMs: bakedAtMs - weightAtMs };
}
