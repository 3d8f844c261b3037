import { Context } from '@temporalio/activity';
import { judgeCriterion } from '../domain/analysis/judge.ts';
import { judgeGuard, windowsOf } from '../domain/analysis/judge-guard.ts';
import { gateStandard } from '../domain/analysis/standards.ts';
import { notBreached, sustain, type SustainedState } from '../domain/analysis/sustained.ts';
import { combine, type Verdict } from '../domain/analysis/verdict.ts';
import { isValue } from '../domain/metrics/metrics.ts';
import { metricOf } from '../domain/plan/metric-of.ts';
import { metricsFor } from '../domain/plan/metrics-of.ts';
import { measuredOver, type Measurement } from '../domain/analysis/measurement.ts';
import type { GuardFinding, GuardProgress } from '../domain/rollout/guarding.ts';
import { isAboutShare, wrongShare } from '../domain/rollout/share.ts';
import { Baseline } from './baseline.ts';
import type { Ports } from './deps.ts';
import { ForeignChanges } from './foreign-changes.ts';
import { pause } from './heart.ts';
import type { GuardOrder, Order } from './types.ts';

/** What a guard carries from look to look, and in its heartbeats from attempt to attempt. */
interface Memory extends GuardProgress {
  /** One a guard. */
  readonly sustained: readonly SustainedState[];
}

/** Less than a few scrapes tell nothing. */
const shortestWindowMs = 1000;
/** Requests of the weight before this one are still counted this long. */
const shareSettlesMs = 30_000;

/** Looks at guards, route and observed share until one of them says stop. */
export async function watchGuards(
  ports: Ports,
  order: GuardOrder,
  signal: AbortSignal,
  show: (details: unknown) => void,
): Promise<GuardFinding> {
  let memory = remembered(order);
  const others = new ForeignChanges(ports, order);
  const baseline = new Baseline(ports, order.plan, { ...order, sinceMs: order.weightSinceMs });
  try {
    for (;;) {
      const startedMs = performance.now();
      const { finding, next } = await look(ports, order, memory, { others, baseline }, signal);
      if (finding !== null) return finding;
      memory = next;
      show(memory);
      await pause(restMs(order.plan.guardIntervalMs, performance.now() - startedMs));
    }
  } finally {
    others.end();
  }
}

/** From the end of a look to the next: looks begin in step, but whoever answers slowly is left in peace for a while. */
function restMs(intervalMs: number, lookedForMs: number): number {
  return Math.max(intervalMs / 2, intervalMs - lookedForMs);
}

function remembered({ plan }: GuardOrder): Memory {
  const before = Context.current().info.heartbeatDetails as Memory | undefined;
  if (before?.sustained.length === plan.guards.length) return before;
  const now = Date.now();
  return { lookedAtMs: now, verdicts: [], sustained: plan.guards.map(() => notBreached) };
}

async function look(
  ports: Ports,
  order: GuardOrder,
  memory: Memory,
  { others, baseline }: { readonly others: ForeignChanges; readonly baseline: Baseline },
  signal: AbortSignal,
): Promise<{ finding: GuardFinding | null; next: Memory }> {
  const { plan, weightPercent } = order;
  const nowMs = Date.now();
  const elapsedMs = Math.max(shortestWindowMs, nowMs - order.weightSinceMs);
  const beforeMs = memory.verdicts.length === 0 ? null : memory.lookedAtMs - order.weightSinceMs;
  const guards = plan.guards.map((guard, index) => {
    return { guard, time: { elapsedMs, beforeMs, before: memory.verdicts[index] ?? null } };
  });
  // Guards that look equally far back share one measurement. None looks back beyond the start of the weight: counters go
  // by the Service's name, and would charge it with the errors of a canary before it.
  const windows = new Set(guards.flatMap(({ guard, time }) => windowsOf(plan, guard, time)));
  const ofValues = guards.filter(({ guard }) => isValue(metricOf(guard.criterion)));
  const valueWindows = new Set(ofValues.flatMap(({ guard, time }) => windowsOf(plan, guard, time)));
  const asked = {
    names: metricsFor(plan, plan.guards),
    windowsMs: [...windows],
    valueWindowsMs: [...valueWindows],
  };
  const seen = await ports.metrics.measure(plan.metrics, plan.target, asked, signal);
  const measurements = await baseline.beside(seen, signal);

  const looks = guards.map(({ guard, time }, index) => {
    const verdict = judgeGuard(plan, guard, { ...time, measurements });
    const { sustainedForMs } = guard;
    return {
      verdict,
      ...sustain(memory.sustained[index] ?? notBreached, { outcome: verdict.outcome, nowMs, sustainedForMs }),
    };
  });
  const verdicts = looks.map((it) => it.verdict);
  ports.telemetry.judged(verdicts);
  const breach = looks.find((it) => it.breach);
  if (breach !== undefined) return { finding: { kind: 'breach', verdict: breach.verdict }, next: memory };

  const next = { ...memory, lookedAtMs: nowMs, verdicts, sustained: looks.map((it) => it.state) };
  const changed = (await others.look()) ?? oddShare(seen, elapsedMs, weightPercent);
  if (changed !== null && !isKnown(changed, order))
    return { finding: { kind: 'foreignChange', what: changed }, next };
  return { finding: null, next };
}

/** Told already, and so not told again: a hold would begin anew with each look, and the history fill up. */
function isKnown(changed: string, { known, weightPercent }: GuardOrder): boolean {
  if (known === null) return false;
  const both = [changed, known];
  return changed === known || both.every((it) => isAboutShare(it, weightPercent));
}

/** Only a window that lies wholly within the time at this weight, the first moments aside, tells its share. */
function oddShare(
  measurements: ReadonlyMap<number, Measurement>,
  elapsedMs: number,
  weightPercent: number,
): string | null {
  const settled = [...measurements].findLast(([windowMs]) => elapsedMs > windowMs + shareSettlesMs);
  return settled === undefined ? null : wrongShare(settled[1], weightPercent);
}

interface GateLook extends Order {
  readonly phase: number;
  readonly windowMs: number;
}

/** The planned look at a phase's gates, at the end of its bake. */
export function judgeGates(ports: Ports, look: GateLook, signal: AbortSignal): Promise<Verdict[]> {
  return lookAtGates(ports, look, 'planned', signal);
}

async function lookAtGates(
  { metrics, telemetry }: Ports,
  { plan, phase, windowMs }: GateLook,
  which: 'planned' | 'again',
  signal: AbortSignal,
): Promise<Verdict[]> {
  const { gates = [], weightPercent = 0 } = plan.phases[phase] ?? {};
  const look = { names: metricsFor(plan, gates), windowsMs: [windowMs] };
  const seen = await metrics.measure(plan.metrics, plan.target, look, signal);
  const baseline = new Baseline({ metrics }, plan, { weightPercent, sinceMs: Date.now() - windowMs });
  const measurement = measuredOver(await baseline.beside(seen, signal), windowMs);
  const verdicts = gates.map((gate) =>
    judgeCriterion(gate.criterion, gateStandard(plan, gate, which), measurement),
  );
  telemetry.judged(verdicts);
  return verdicts;
}

/** Looks at a phase's gates until they all pass or one fails. */
export async function awaitGates(
  ports: Ports,
  order: Order & { readonly phase: number; readonly sinceMs: number },
  signal: AbortSignal,
  show: (details: unknown) => void,
): Promise<Verdict[]> {
  for (;;) {
    await pause(order.plan.guardIntervalMs);
    const look = { ...order, windowMs: Date.now() - order.sinceMs };
    const verdicts = await lookAtGates(ports, look, 'again', signal);
    if (combine(verdicts) !== 'inconclusive') return verdicts;
    show({ lookedAtMs: Date.now(), verdicts } satisfies GuardProgress);
  }
}
