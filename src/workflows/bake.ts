import { condition } from '@temporalio/workflow';
import { holdUntil } from './hold.ts';
import type { Run } from './run.ts';

/**
 * A timed stay at one weight under guards; ends early by `advance`, and later by a hold.
 * @throws Interrupted.
 */
export async function bake(
  run: Run,
  status: 'baking' | 'keepingOld',
  bakeMs: number,
  summary: string,
): Promise<void> {
  const endsAtMs = Date.now() + bakeMs;
  while (Date.now() < endsAtMs && !run.advanceRequested && !run.full) {
    run.throwIfInterrupted();
    run.enter(status, { endsAtMs });
    const changed = () => run.advanceRequested || run.interruption !== null || run.holdReason !== null;
    await condition(changed, endsAtMs - Date.now(), { summary });
    if (run.holdReason !== null) await holdUntil(run, () => run.holdReason === null);
  }
  run.throwIfInterrupted();
  run.advanceRequested = false;
  // A hold that came with the last moment of the bake counts.
  if (run.holdReason !== null) await holdUntil(run, () => run.holdReason === null);
}
