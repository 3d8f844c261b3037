import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { combine, type Verdict } from '../domain/analysis/verdict.ts';
import { call } from './activity-options.ts';
import { holdUntil } from './hold.ts';
import { interruptionOf } from './interruption.ts';
import type { Run } from './run.ts';

/**
 * Asks a phase's gates. Inconclusive ones hold the rollout and are looked at again, until they pass, one fails, the
 * hold reaches its limit, or a person says `advance` and takes it on themselves.
 * @param sinceMs when the phase got its weight.
 * @throws Interrupted when a gate fails.
 */
export async function passGates(run: Run, phase: number, sinceMs: number): Promise<void> {
  const gates = run.plan.phases[phase]?.gates ?? [];
  if (gates.length === 0) return;
  run.enter('gating');
  const windowMs = Math.max(1000, Date.now() - sinceMs);
  const order = run.order();
  const verdicts = await run.unlessInterrupted(() =>
    call('reads', `gates of phase ${phase + 1}`).judgeGates({ ...order, phase, windowMs }),
  );
  if (settle(run, phase, verdicts)) return;
  run.holdReason = inconclusive(verdicts);
  run.note(`gates are inconclusive: ${run.holdReason}`);
  await lookAgain(run, phase, sinceMs);
}

async function lookAgain(run: Run, phase: number, sinceMs: number): Promise<void> {
  const scope = new CancellationScope();
  let settled = false;
  const order = run.order();
  const looking = scope.run(() =>
    call('watches', `gates of phase ${phase + 1}, again`).awaitGates({ ...order, phase, sinceMs }),
  );
  looking.then(
    (verdicts) => {
      settled = settle(run, phase, verdicts);
    },
    (error: unknown) => {
      if (!isCancellation(error)) run.interrupt('error', interruptionOf(error).sentence);
    },
  );
  run.advanceRequested = false;
  run.gatesOpen = true;
  await holdUntil(run, () => settled || run.advanceRequested);
  scope.cancel();
  run.gatesOpen = false;
  run.holdReason = null;
  run.advanceRequested = false;
}

/** Notes the verdicts; a failed gate interrupts. */
function settle(run: Run, phase: number, verdicts: readonly Verdict[]): boolean {
  run.judged(phase, verdicts);
  const outcome = combine(verdicts);
  if (outcome === 'fail') {
    const failed = verdicts.filter((it) => it.outcome === 'fail');
    run.interrupt('gate', failed.map((it) => it.sentence).join('; '), failed);
    run.throwIfInterrupted();
  }
  return outcome === 'pass';
}

function inconclusive(verdicts: readonly Verdict[]): string {
  return verdicts
    .filter((it) => it.outcome === 'inconclusive')
    .map((it) => it.sentence)
    .join('; ');
}
