import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { Verdict } from '../domain/analysis/verdict.ts';
import { ownRequestsSettleMs } from '../domain/judge/own-requests.ts';
import { judgeFailed } from '../domain/judge/verdicts.ts';
import type { JudgeReport } from '../domain/judge/report.ts';
import { call } from './activity-options.ts';
import { holdUntil } from './hold.ts';
import { interruptionOf } from './interruption.ts';
import type { Run } from './run.ts';

/**
 * Lets the plan's judge compare the arms while the phase bakes, where the plan wants it. A drop that is proven is a
 * breach, as soon as it is known; whatever keeps the judge from answering is inconclusive, and for the gate (S6).
 */
export function startJudging(run: Run, phase: number): void {
  run.judging = null;
  const { judge, phases } = run.plan;
  const weightPercent = phases[phase]?.weightPercent ?? NaN;
  if (judge?.atWeights.includes(weightPercent) !== true) return;
  const scope = new CancellationScope();
  let verdicts: readonly Verdict[] | null = null;
  let isOver = false;
  let undisturbedSinceMs: number | null = null;
  const end = (): void => {
    isOver = true;
    undisturbedSinceMs = Date.now() + ownRequestsSettleMs;
  };
  const settle = (report: JudgeReport): void => {
    if (isOver) return;
    end();
    verdicts = report.verdicts;
    run.judgedBy(report);
    for (const { outcome, sentence } of verdicts) run.note(`judge: ${outcome}: ${sentence}`);
    const failed = verdicts.filter((it) => it.outcome === 'fail');
    if (failed.length > 0) run.interrupt('breach', failed.map((it) => it.sentence).join('; '), failed);
  };
  const order = { ...run.order(), phase };
  const working = scope
    .run(() => call('judges', `judge at ${weightPercent} %`).judgePhase(order))
    .then(settle, (error: unknown) => {
      if (isCancellation(error)) return;
      const why = interruptionOf(error).sentence;
      settle({ phase, attempts: 0, verdicts: judgeFailed(judge, why), answer: null, failures: [why] });
    });
  run.judging = {
    verdicts: () => verdicts,
    undisturbedSinceMs: () => undisturbedSinceMs,
    stop: () => {
      if (isOver) return;
      end();
      scope.cancel();
      run.stopping.push(endJudging(run, phase, working));
    },
  };
}

/** At once, and once more when the attempt that was cancelled makes no more Jobs; what fails here is done by clearAway. */
async function endJudging(run: Run, phase: number, working: Promise<void>): Promise<void> {
  const end = () =>
    CancellationScope.nonCancellable(() =>
      call('writes', `end the judge of phase ${phase + 1}`).endJudging({ ...run.order(), phase }),
    ).catch(() => undefined);
  await Promise.all([end(), working]);
  await end();
}

/**
 * Waits for the judge of a phase whose bake is over; a person can go on without it by `advance`.
 * @returns what it said; nothing where nobody was asked, or where a person went on.
 * @throws Interrupted.
 */
export async function awaitJudge(run: Run): Promise<readonly Verdict[]> {
  const { judging } = run;
  if (judging === null) return [];
  while (judging.verdicts() === null && !run.advanceRequested && !run.full) {
    run.enter('judging');
    await condition(
      () =>
        judging.verdicts() !== null ||
        run.advanceRequested ||
        run.full ||
        run.interruption !== null ||
        run.holdReason !== null,
    );
    run.throwIfInterrupted();
    if (run.holdReason !== null) await holdUntil(run, () => run.holdReason === null);
  }
  run.throwIfInterrupted();
  run.advanceRequested = false;
  const said = judging.verdicts();
  if (said === null) {
    judging.stop();
    run.note('went on without the judge');
  }
  return said ?? [];
}
