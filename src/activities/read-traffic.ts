import { metricsOf } from '../domain/plan/metrics-of.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { trafficIn, trafficWindowsMs, type TrafficReading } from '../domain/prospects/traffic.ts';
import type { Ports } from './deps.ts';

/** What the plan's target is sent now, in the metrics that the plan is about. */
export async function readTraffic(
  { metrics }: Pick<Ports, 'metrics'>,
  plan: Plan,
  signal: AbortSignal,
): Promise<TrafficReading> {
  const asked = { names: metricsOf(plan), windowsMs: trafficWindowsMs };
  return trafficIn(await metrics.measure(plan.metrics, plan.target, asked, signal));
}
