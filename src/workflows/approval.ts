import { holdUntil } from './hold.ts';
import type { Run } from './run.ts';

/**
 * Waits for a person's `approve`.
 * @param why what they are asked.
 * @throws Interrupted.
 */
export async function awaitApproval(run: Run, why: string): Promise<void> {
  run.approved = false;
  run.holdReason = why;
  run.note(`asked: ${why}`);
  await holdUntil(run, () => run.approved || run.full, 'awaitingApproval');
  run.holdReason = null;
}
