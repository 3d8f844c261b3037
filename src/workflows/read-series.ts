import { proxyActivities } from '@temporalio/workflow';
import type { ReadingActivities } from '../activities/types.ts';
import type { SeriesQuestion, SeriesReading } from '../domain/series/series.ts';

/** A hundred queries one after the other; somebody waits, and can ask again. */
const activities = proxyActivities<ReadingActivities>({
  startToCloseTimeout: '50 s',
  heartbeatTimeout: '8 s',
  retry: { maximumAttempts: 2 },
  summary: 'how did both arms do?',
});

/** For whoever has no way to the metrics but through a worker (`sluice report`). Changes nothing. */
export function readSeries(order: SeriesQuestion): Promise<SeriesReading> {
  return activities.readSeries(order);
}
