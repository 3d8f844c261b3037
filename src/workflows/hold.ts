import { condition } from '@temporalio/workflow';
import { Interrupted } from './interruption.ts';
import type { Run } from './run.ts';

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
