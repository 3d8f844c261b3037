import { condition } from '@temporalio/workflow';
import { Interrupted } from './interruption.ts';
import type { Run } from './run.ts';

/**
 * Holds until a person says `resume` or `advance`.
 * @throws Interrupted.
 */
export async function holdForPerson(run: Run, why: string): Promise<void> {
  if (run.holdReason !== why) run.note(`holding: ${why}`);
  run.holdReason = why;
  await holdUntil(run, () => run.holdReason === null);
  // It was meant for this hold, not for the bake that comes.
  run.advanceRequested = false;
}

/**
 * A change by somebody else that a write ran into (S10): rolled back, or held, as the plan says. Who resumes takes on
 * what is there.
 * @throws Interrupted.
 */
export async function standForeignChange(run: Run, what: string): Promise<void> {
  if (run.plan.onForeignChange === 'rollBack') run.interrupt('foreignChange', what);
  run.throwIfInterrupted();
  await holdForPerson(run, what);
}

/**
 * Stays until `released`, while guards watch. At the plan's limit it rolls back or goes on holding, as the plan says;
 * never on (S6).
 * @throws Interrupted.
 */
export async function holdUntil(
  run: Run,
  released: () => boolean,
  status: 'holding' | 'awaitingApproval' = 'holding',
): Promise<void> {
  const { limitMs, then } = run.plan.hold;
  run.enter(status, { endsAtMs: then === 'rollBack' ? Date.now() + limitMs : null });
  const either = () => released() || run.interruption !== null;
  if (then === 'keepHolding') await condition(either);
  else if (!(await condition(either, limitMs, { summary: 'limit of the hold' }))) {
    run.interrupt(
      'holdLimit',
      `held for ${Math.round(limitMs / 60_000)} min: ${run.holdReason ?? 'nobody went on'}`,
    );
  }
  if (run.interruption !== null) throw new Interrupted(run.interruption);
}
