import { proxyActivities } from '@temporalio/workflow';
import type { ReadingActivities } from '../activities/types.ts';
import type { TrafficQuestion, TrafficReading } from '../domain/prospects/traffic.ts';

/** Somebody waits for the answer, and can ask again. */
const activities = proxyActivities<ReadingActivities>({
  startToCloseTimeout: '8 s',
  heartbeatTimeout: '4 s',
  retry: { maximumAttempts: 2 },
  summary: 'how much traffic is there?',
});

/** For whoever has no way to the metrics but through a worker (`sluice check --live`). Changes nothing. */
export function readTraffic(question: TrafficQuestion): Promise<TrafficReading> {
  return activities.readTraffic(question);
}
