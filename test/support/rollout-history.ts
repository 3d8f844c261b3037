import { defaultPayloadConverter } from '@temporalio/common';
import type { JudgeReport } from '../../src/domain/judge/report.ts';
import type { RolloutHandle } from './workflow-runner.ts';

/** What a history says of a rollout that has ended. */
export interface Told {
  /** Types of activities in the order in which the workflow asked for them. */
  readonly scheduled: readonly string[];
  /** From the first weight to the end of the first timer, in ms; NaN without both. */
  readonly firstBakeMs: number;
  /** What judges came to, phase by phase. */
  readonly judged: readonly JudgeReport[];
}

/** Reads the history of a rollout that has ended. */
export async function toldByHistory(handle: RolloutHandle): Promise<Told> {
  const { events } = await handle.fetchHistory();
  const types = new Map<string, string>();
  const judged: JudgeReport[] = [];
  let weightAtMs = NaN;
  let bakedAtMs = NaN;
  for (const event of events ?? []) {
    const atMs = Number(event.eventTime?.seconds) * 1000 + (event.eventTime?.nanos ?? 0) / 1e6;
    const type = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (type) types.set(String(event.eventId), type);
    const { scheduledEventId, result } = event.activityTaskCompletedEventAttributes ?? {};
    const completed = types.get(String(scheduledEventId));
    if (Number.isNaN(weightAtMs) && completed === 'shiftWeight') weightAtMs = atMs;
    const [payload] = result?.payloads ?? [];
    if (completed === 'judgePhase' && payload !== undefined)
      judged.push(defaultPayloadConverter.fromPayload(payload));
    if (Number.isNaN(bakedAtMs) && event.timerFiredEventAttributes) bakedAtMs = atMs;
  }
  return { scheduled: [...types.values()], firstBakeMs: bakedAtMs - weightAtMs, judged };
}
