import type { DrainPort } from '../ports/drain.ts';
import type { JudgeJobsPort } from '../ports/judge-jobs.ts';
import type { NotificationPort } from '../ports/notification.ts';
import type { MetricsPort } from '../ports/metrics.ts';
import type { RolloutTelemetry } from '../ports/telemetry.ts';
import type { TrafficPort } from '../ports/traffic.ts';
import type { WarmUpPort } from '../ports/warm-up.ts';
import type { WorkloadPort } from '../ports/workload.ts';

/** What the activities need of the world; given once, in worker/main.ts. */
export interface Ports {
  readonly telemetry: RolloutTelemetry;
  readonly traffic: TrafficPort;
  readonly workload: WorkloadPort;
  readonly metrics: MetricsPort;
  readonly judgeJobs: JudgeJobsPort;
  readonly warmUp: WarmUpPort;
  readonly drain: DrainPort;
  readonly notification: NotificationPort;
}
