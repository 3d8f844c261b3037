import { Context } from '@temporalio/activity';
import { whileJudgeAsks } from '../domain/analysis/judge.ts';
import { judgeGuard, windowsOf, type GuardTime } from '../domain/analysis/judge-guard.ts';
import { notBreached, sustain, type SustainedState } from '../domain/analysis/sustained.ts';
import { isValue } from '../domain/metrics/metrics.ts';
import { metricOf } from '../domain/plan/metric-of.ts';
import { metricsFor } from '../domain/plan/metrics-of.ts';
import { shortestWindowMs, type Measurement } from '../domain/analysis/measurement.ts';
import { countsOwnRequests } from '../domain/judge/own-requests.ts';
import type { GuardPlan } from '../domain/plan/plan.ts';
import type { GuardFinding, GuardProgress } from '../domain/rollout/guarding.ts';
import { isAboutShare, wrongShare } from '../domain/rollout/share.ts';
import { Baseline } from './baseline.ts';
import type { Ports } from './deps.ts';
import { ForeignChanges } from './foreign-changes.ts';
import { pause } from './heart.ts';
import type { GuardOrder } from './types.ts';
import { undisturbedSince } from './undisturbed.ts';

/** What a guard carries from look to look, and in its heartbeats from attempt to attempt. */
interface Memory extends GuardProgress {
  /** One a guard. */
  readonly sustained: readonly SustainedState[];
  /** See `undisturbedSince`; not there before the first look. */
  readonly undisturbedSinceMs?: number | null;
}

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
  const baseline = new Baseline(ports, order.plan, {
    weightPercent: order.weightPercent,
    sinceMs: order.weightSinceMs,
    startedAtMs: order.fence.startedAtMs,
  });
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
  const undisturbedSinceMs = await undisturbedSince(ports, order, {
    nowMs,
    before: memory.undisturbedSinceMs,
  });
  const all = plan.guards.map((guard, index) => {
    const isCounted = countsOwnRequests(metricOf(guard.criterion), plan.metrics);
    const sinceMs = isCounted ? undisturbedSinceMs : order.weightSinceMs;
    return { guard, time: timeOf(memory, index, { sinceMs, nowMs }) };
  });
  const guards = all.filter(isLooking);
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

  const looks = all.map(({ guard, time }, index) => {
    const verdict =
      time === null ? whileJudgeAsks(guard.criterion) : judgeGuard(plan, guard, { ...time, measurements });
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

  const sustained = looks.map((it) => it.state);
  const next = { ...memory, lookedAtMs: nowMs, verdicts, sustained, undisturbedSinceMs };
  const sharesSinceMs = plan.metrics.source === 'vllm' ? undisturbedSinceMs : order.weightSinceMs;
  const sharedForMs = sharesSinceMs === null ? 0 : nowMs - sharesSinceMs;
  const changed = (await others.look()) ?? oddShare(seen, sharedForMs, weightPercent);
  if (changed !== null && !isKnown(changed, order))
    return { finding: { kind: 'foreignChange', what: changed }, next };
  return { finding: null, next };
}

interface TimedGuard {
  readonly guard: GuardPlan;
  /** Null while an LLM judge's requests are among what it counts. */
  readonly time: GuardTime | null;
}

function isLooking(it: TimedGuard): it is TimedGuard & { readonly time: GuardTime } {
  return it.time !== null;
}

/** @param span.sinceMs since when what it counts is the users' alone; null: it is not. */
function timeOf(
  { lookedAtMs, verdicts }: Memory,
  index: number,
  { sinceMs, nowMs }: { readonly sinceMs: number | null; readonly nowMs: number },
): GuardTime | null {
  if (sinceMs === null || sinceMs > nowMs) return null;
  const before = verdicts[index] ?? null;
  const hasLooked = before !== null && before.gap !== 'judgeAsks';
  return {
    elapsedMs: Math.max(shortestWindowMs, nowMs - sinceMs),
    beforeMs: hasLooked ? lookedAtMs - sinceMs : null,
    before: hasLooked ? before : null,
  };
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
  sharedForMs: number,
  weightPercent: number,
): string | null {
  const settled = [...measurements].findLast(([windowMs]) => sharedForMs > windowMs + shareSettlesMs);
  return settled === undefined ? null : wrongShare(settled[1], weightPercent);
}
