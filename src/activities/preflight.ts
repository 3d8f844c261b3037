import { failureTypes } from '../domain/failures.ts';
import { mayClaim } from '../domain/rollout/fence.ts';
import { PortFault } from '../ports/faults.ts';
import { metricNames } from '../domain/metrics/metrics.ts';
import { metricsOf } from '../domain/plan/metrics-of.ts';
import { measuredOver, shareOf, type Measurement } from '../domain/analysis/measurement.ts';
import type { Ports } from './deps.ts';
import type { Order, PreflightReport } from './types.ts';

/** How far back stable's own traffic is looked for. */
const windowMs = 60_000;

/**
 * Reads everything that the rollout will rely on.
 * @throws PortFault PreflightFailed with all problems at once.
 */
export async function preflight(
  { traffic, workload, metrics }: Ports,
  order: Order,
  signal: AbortSignal,
): Promise<PreflightReport> {
  const { plan, fence } = order;
  const { target } = plan;
  const [route, found, measurements] = await Promise.all([
    traffic.read(target),
    workload.inspect(target, plan.release, { rolloutId: fence.rolloutId }),
    metrics.measure(plan.metrics, target, { names: metricsOf(plan), windowsMs: [windowMs] }, signal),
  ]);
  const measured = measuredOver(measurements, windowMs);
  const problems = [...found.problems];
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
  if (problems.length > 0) throw new PortFault(failureTypes.PreflightFailed, problems.join('\n'));
  return { stableReplicas: found.stable.desired, warnings: warningsOf(measured) };
}

/** Without numbers of stable there is nothing to compare with; the canary has none yet. */
function warningsOf(measured: Measurement): string[] {
  if (measured.kind === 'providerError') return [];
  const missing = metricNames.flatMap((name) => {
    const found = measured.stable[name];
    return found !== undefined && 'missing' in found ? [{ name, why: found.missing }] : [];
  });
  const whys = [...new Set(missing.map((it) => it.why))];
  const warnings = whys.map((why) => {
    const names = missing.filter((it) => it.why === why).map((it) => it.name);
    return `no metrics of stable (${names.join(', ')}): ${why}`;
  });
  const requests = shareOf(measured.stable, 'error-rate');
  const isIdle = !('missing' in requests) && requests.total === 0;
  return isIdle
    ? [...warnings, 'stable had no requests in the last minute: gates will lack samples']
    : warnings;
}
