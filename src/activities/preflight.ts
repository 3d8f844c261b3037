import { failureTypes } from '../domain/failures.ts';
import { mayClaim } from '../domain/rollout/fence.ts';
import { PortFault } from '../ports/faults.ts';
import { metricsOf } from '../domain/plan/metrics-of.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { phaseProspects } from '../domain/prospects/phase-prospect.ts';
import { shortcomingsOf } from '../domain/prospects/shortcomings.ts';
import { trafficIn, trafficWindowsMs } from '../domain/prospects/traffic.ts';
import { measuredOver, type Measurement } from '../domain/analysis/measurement.ts';
import { span } from '../domain/rollout/span.ts';
import type { Ports } from './deps.ts';
import { inTurns } from './in-turns.ts';
import type { Order, PreflightReport } from './types.ts';

/** Stable's metrics have to be there now, not an hour ago. */
const nowMs = Math.min(...trafficWindowsMs);

/**
 * Reads everything that the rollout will rely on.
 * @throws PortFault PreflightFailed with all problems at once.
 */
export async function preflight(
  { traffic, workload, metrics, judgeJobs }: Ports,
  order: Order,
  signal: AbortSignal,
): Promise<PreflightReport> {
  const { plan, fence } = order;
  const { target } = plan;
  const [route, found, measurements, unjudgeable] = await Promise.all([
    traffic.read(target),
    workload.inspect(target, plan.release, { rolloutId: fence.rolloutId }),
    metrics.measure(plan.metrics, target, { names: metricsOf(plan), windowsMs: trafficWindowsMs }, signal),
    plan.judge === null ? [] : judgeJobs.inspect(plan),
  ]);
  const measured = measuredOver(measurements, nowMs);
  const problems = [...found.problems, ...unjudgeable];
  const claim = mayClaim(route.fence, fence);
  if (!claim.allowed) {
    const { namespace, router } = target;
    // A fence that is released already is in nobody's way but that of a rollout that started before it.
    const wayOut =
      route.fence?.released === false
        ? `; if that rollout no longer runs, put the target back: sluice restore -n ${namespace} --route ${router.name}`
        : '';
    problems.push(`HTTPRoute ${router.name}: ${claim.why}${wayOut}`);
  }
  if (found.sameTemplate) {
    problems.push(
      `Deployment ${target.workload.name} already runs ${plan.release.version}: the release's patch changes nothing`,
    );
  }
  if (found.leftovers.length > 0) {
    problems.push(
      `left over from an earlier rollout: ${found.leftovers.join(', ')}; if that one no longer runs, clear them away: sluice restore FILE`,
    );
  }
  if (measured.kind === 'providerError') problems.push(`metrics: ${measured.why}`);
  const warnings = [...gapsOf(plan, measured), ...(await shortcomingsIn(plan, measurements, signal))];
  if (plan.onUnprovable === 'refuse') problems.push(...warnings);
  if (problems.length > 0) throw new PortFault(failureTypes.PreflightFailed, problems.join('\n'));
  return { stableReplicas: found.stable.desired, warnings };
}

/** What the plan cannot prove at today's traffic; of metrics that are not there gaps tell. */
async function shortcomingsIn(
  plan: Plan,
  measurements: ReadonlyMap<number, Measurement>,
  signal: AbortSignal,
): Promise<string[]> {
  const reading = trafficIn(measurements);
  if (reading.kind === 'unknown') return [];
  if (reading.requestsPerSecond === 0)
    return [`stable had no requests in the last ${span(reading.windowMs)}: gates will lack samples`];
  const phases = await inTurns(phaseProspects(plan, reading), signal);
  return shortcomingsOf(phases, reading);
}

/** Without numbers of stable there is nothing to compare with; the canary has none yet. */
function gapsOf(plan: Plan, measured: Measurement): string[] {
  if (measured.kind === 'providerError') return [];
  const missing = metricsOf(plan).flatMap((name) => {
    const found = measured.stable[name];
    if (found === undefined) return [];
    if ('missing' in found) return [{ name, why: found.missing }];
    return 'failed' in found ? [{ name, why: found.failed }] : [];
  });
  const whys = [...new Set(missing.map((it) => it.why))];
  return whys.map((why) => {
    const names = missing.filter((it) => it.why === why).map((it) => it.name);
    return `no metrics of stable (${names.join(', ')}): ${why}`;
  });
}
