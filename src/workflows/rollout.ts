import { CancellationScope } from '@temporalio/workflow';
import type { RolloutInput, RolloutOutcome } from '../domain/rollout/state.ts';
import { awaitApproval } from './approval.ts';
import { call } from './activity-options.ts';
import { bake } from './bake.ts';
import { listen } from './control.ts';
import { finish } from './finish.ts';
import { interruptionOf } from './interruption.ts';
import { runPhase } from './phase.ts';
import { rollBack } from './rollback.ts';
import { Run } from './run.ts';

/**
 * One rollout, from preflight to promoted or rolled back. Start reading here.
 * @returns how it ended; it fails only by a fault of the workflow's own code.
 */
export async function rollout(input: RolloutInput): Promise<RolloutOutcome> {
  const run = new Run(input);
  listen(run);
  let outcome: RolloutOutcome;
  try {
    outcome = await rollOut(run);
  } catch (error) {
    outcome = await rollBack(run, interruptionOf(error));
  }
  run.ended(outcome);
  await tell(run, outcome);
  return outcome;
}

/** The way forward; whatever goes wrong is thrown. */
async function rollOut(run: Run): Promise<RolloutOutcome> {
  const { plan } = run;
  const asked = run.order();
  const { stableReplicas, warnings } = await run.unlessInterrupted(() =>
    call('reads', 'can it start, and with what?').preflight(asked),
  );
  for (const warning of warnings) run.note(`warning: ${warning}`);
  if (plan.checklist.length > 0) await awaitApproval(run, plan.checklist.join(' '));

  // Before the call: an attempt that was cut off may have claimed it all the same.
  run.claimed = true;
  const taking = run.order();
  await run.unlessInterrupted(() => call('writes', 'take route and workload').takeTarget(taking));

  for (const index of remainingPhases(run)) await runPhase(run, index, stableReplicas);
  run.enter('keepingOld', { phase: null });
  run.full = false;
  await bake(run, 'keepingOld', plan.keepOldMs, 'old version kept warm');
  return finish(run);
}

/** All phases, or after `advance --full` only the last one of those to come. */
function* remainingPhases(run: Run): Generator<number> {
  const last = run.plan.phases.length - 1;
  for (let index = 0; index <= last; index += 1) {
    if (run.full) index = last;
    yield index;
  }
}

/** A rollout that has ended has ended, whether or not anybody could be told. */
async function tell(run: Run, outcome: RolloutOutcome): Promise<void> {
  const order = { ...run.order(), outcome };
  const told = () => call('tells', 'tell how it ended').notify(order);
  await CancellationScope.nonCancellable(told).catch((error: unknown) => {
    run.note(`nobody could be told: ${interruptionOf(error).sentence}`);
  });
}
