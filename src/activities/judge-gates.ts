import { judgeCriterion, whileJudgeAsks } from '../domain/analysis/judge.ts';
import { measuredOver, shortestWindowMs } from '../domain/analysis/measurement.ts';
import { gateStandard } from '../domain/analysis/standards.ts';
import { combine, type Verdict } from '../domain/analysis/verdict.ts';
import { countsOwnRequests } from '../domain/judge/own-requests.ts';
import { metricOf } from '../domain/plan/metric-of.ts';
import { metricsFor } from '../domain/plan/metrics-of.ts';
import type { GuardProgress } from '../domain/rollout/guarding.ts';
import { Baseline } from './baseline.ts';
import type { Ports } from './deps.ts';
import { pause } from './heart.ts';
import type { GatesLook, GatesWait } from './types.ts';

/** The planned look at a phase's gates, at the end of its bake. */
export function judgeGates(ports: Ports, look: GatesLook, signal: AbortSignal): Promise<Verdict[]> {
  return lookAtGates(ports, look, 'planned', signal);
}

async function lookAtGates(
  { metrics, telemetry }: Ports,
  { plan, fence, phase, windowMs, undisturbedMs }: GatesLook,
  which: 'planned' | 'again',
  signal: AbortSignal,
): Promise<Verdict[]> {
  const { gates = [], weightPercent = 0 } = plan.phases[phase] ?? {};
  const windows = gates.map(({ criterion }) =>
    countsOwnRequests(metricOf(criterion), plan.metrics) ? longEnough(undisturbedMs) : windowMs,
  );
  const windowsMs = [...new Set(windows.filter((it) => it !== null))];
  const seen = await metrics.measure(
    plan.metrics,
    plan.target,
    { names: metricsFor(plan, gates), windowsMs },
    signal,
  );
  const time = { sinceMs: Date.now() - windowMs, startedAtMs: fence.startedAtMs };
  const measurements = await new Baseline({ metrics }, plan, { weightPercent, ...time }).beside(seen, signal);
  const verdicts = gates.map((gate, index) => {
    const window = windows[index] ?? null;
    if (window === null) return whileJudgeAsks(gate.criterion);
    const standard = gateStandard(plan, gate, which);
    return judgeCriterion(gate.criterion, standard, measuredOver(measurements, window));
  });
  telemetry.judged(verdicts);
  return verdicts;
}

function longEnough(windowMs: number | null): number | null {
  return windowMs === null || windowMs < shortestWindowMs ? null : windowMs;
}

/** Looks at a phase's gates until they all pass or one fails. */
export async function awaitGates(
  ports: Ports,
  order: GatesWait,
  signal: AbortSignal,
  show: (details: unknown) => void,
): Promise<Verdict[]> {
  const { plan, fence, phase, sinceMs, undisturbedSinceMs } = order;
  for (;;) {
    await pause(plan.guardIntervalMs);
    const nowMs = Date.now();
    const undisturbedMs = undisturbedSinceMs === null ? null : nowMs - undisturbedSinceMs;
    const look = { plan, fence, phase, windowMs: nowMs - sinceMs, undisturbedMs };
    const verdicts = await lookAtGates(ports, look, 'again', signal);
    if (combine(verdicts) !== 'inconclusive') return verdicts;
    show({ lookedAtMs: Date.now(), verdicts } satisfies GuardProgress);
  }
}
