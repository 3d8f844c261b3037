import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { combine, type Verdict } from '../domain/analysis/verdict.ts';
import { call } from './activity-options.ts';
import { holdUntil } from './hold.ts';
import { interruptionOf } from './interruption.ts';
import { awaitJudge } from './judging.ts';
import type { Run } from './run.ts';

/**
 * Asks a phase's gates, and waits for its judge. Inconclusive ones hold the rollout, and gates are looked at again, until
 * all pass, one fails, the hold reaches its limit, or a person says `advance` and takes it on themselves.
 * @param sinceMs when the phase got its weight.
 * @throws Interrupted when a gate or the judge fails.
 */
export async function passGates(run: Run, phase: number, sinceMs: number): Promise<void> {
  const gates = run.plan.phases[phase]?.gates ?? [];
  if (gates.length === 0 && run.judging === null) return;
  const counted = gates.length === 0 ? [] : await lookOnce(run, phase, sinceMs);
  if (combine(counted) === 'fail') fail(run, phase, counted);
  const judged = await awaitJudge(run);
  if (run.full) return;
  // A person who went on without the only one that was asked has taken it on.
  if (counted.length + judged.length === 0) return;
  const verdicts = [...counted, ...judged];
  const outcome = combine(verdicts);
  if (outcome === 'fail') fail(run, phase, verdicts);
  run.judged(phase, verdicts);
  if (outcome === 'pass') return;
  run.note(`gates are inconclusive: ${inconclusive(verdicts)}`);
  await lookAgain(run, phase, { sinceMs, counted, judged });
}

/** The planned look. */
async function lookOnce(run: Run, phase: number, sinceMs: number): Promise<readonly Verdict[]> {
  run.enter('gating');
  const nowMs = Date.now();
  const windowMs = Math.max(1000, nowMs - sinceMs);
  const usersSinceMs = undisturbedSince(run, sinceMs);
  const undisturbedMs = usersSinceMs === null ? null : nowMs - usersSinceMs;
  const look = { ...run.order(), phase, windowMs, undisturbedMs };
  return run.unlessInterrupted(() => call('reads', `gates of phase ${phase + 1}`).judgeGates(look));
}

/** A judge's requests are not the users'. */
function undisturbedSince({ judging }: Run, sinceMs: number): number | null {
  return judging === null ? sinceMs : judging.undisturbedSinceMs();
}

/** What was said until now, and since when the gates' requests count. */
interface Open {
  readonly sinceMs: number;
  readonly counted: readonly Verdict[];
  /** A judge has said what it can say: it is not asked again. */
  readonly judged: readonly Verdict[];
}

async function lookAgain(run: Run, phase: number, { sinceMs, counted, judged }: Open): Promise<void> {
  const scope = new CancellationScope();
  let settled = false;
  const hold = (verdicts: readonly Verdict[]): void => {
    run.holdReason = inconclusive(verdicts);
  };
  const settle = (again: readonly Verdict[]): void => {
    const verdicts = [...again, ...judged];
    const outcome = combine(verdicts);
    run.judged(phase, verdicts);
    if (outcome === 'fail') interrupt(run, verdicts);
    else if (outcome === 'pass') settled = true;
    else hold(verdicts);
  };
  hold([...counted, ...judged]);
  if (combine(counted) === 'inconclusive' && counted.length > 0) {
    const undisturbedSinceMs = undisturbedSince(run, sinceMs);
    const order = { ...run.order(), phase, sinceMs, undisturbedSinceMs };
    scope
      .run(() => call('watches', `gates of phase ${phase + 1}, again`).awaitGates(order))
      .then(settle, (error: unknown) => {
        if (!isCancellation(error)) run.interrupt('error', interruptionOf(error).sentence);
      });
  }
  run.advanceRequested = false;
  run.gatesOpen = true;
  await holdUntil(run, () => settled || run.advanceRequested);
  scope.cancel();
  run.gatesOpen = false;
  run.holdReason = null;
  run.advanceRequested = false;
}

function fail(run: Run, phase: number, verdicts: readonly Verdict[]): never {
  run.judged(phase, verdicts);
  interrupt(run, verdicts);
  run.throwIfInterrupted();
  throw new Error('a failed gate interrupts');
}

function interrupt(run: Run, verdicts: readonly Verdict[]): void {
  const failed = verdicts.filter((it) => it.outcome === 'fail');
  run.interrupt('gate', failed.map((it) => it.sentence).join('; '), failed);
}

function inconclusive(verdicts: readonly Verdict[]): string {
  return verdicts
    .filter((it) => it.outcome === 'inconclusive')
    .map((it) => it.sentence)
    .join('; ');
}
