import type { RolloutOutcome } from '../domain/rollout/state.ts';
import type { Interruption } from './interruption.ts';
import { leaveCanary } from './leave-canary.ts';
import type { Run } from './run.ts';

/** Takes the release back, whatever the rollout was doing; always says why. */
export async function rollBack(run: Run, why: Interruption): Promise<RolloutOutcome> {
  run.enter('rollingBack');
  run.note(`rolling back: ${why.sentence}`);
  const leftToDo = run.claimed
    ? await leaveCanary(run, { status: 'rollingBack', undoStable: run.stableTouched, podsStay: false })
    : [];
  return {
    status: leftToDo.length === 0 ? 'rolledBack' : 'failed',
    reason: why.reason,
    sentence: why.sentence,
    evidence: why.evidence,
    leftToDo,
  };
}
