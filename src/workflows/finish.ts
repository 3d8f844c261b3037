import { sleep } from '@temporalio/workflow';
import { failureTypes } from '../domain/failures.ts';
import { newestVerdicts, type RolloutOutcome } from '../domain/rollout/state.ts';
import { call } from './activity-options.ts';
import { holdForPerson, standForeignChange } from './hold.ts';
import { failureOf } from './interruption.ts';
import { gatewayObeysMs, leaveCanary } from './leave-canary.ts';
import type { Run } from './run.ts';

/**
 * Stable becomes what the canary is, then the traffic returns to it and the canary goes. Until stable is whole a person
 * can still abort, and a breach still counts; what comes after that is noted and changes nothing.
 * @throws Interrupted; ActivityFailure.
 */
export async function finish(run: Run): Promise<RolloutOutcome> {
  run.stableTouched = true;
  await becomeStable(run);
  run.promoted = true;
  const podsStay = run.plan.finish === 'adopt';
  const leftToDo = await leaveCanary(run, { status: 'finishing', undoStable: false, podsStay });
  const sentence = `${run.plan.release.version} is stable now`;
  const status = leftToDo.length === 0 ? 'promoted' : 'failed';
  return { status, reason: 'completed', sentence, evidence: newestVerdicts(run.state), leftToDo };
}

/** What stands in the way holds the rollout: the canary serves well, and there is no reason to take it back. */
async function becomeStable(run: Run): Promise<void> {
  for (;;) {
    run.enter('finishing');
    const order = run.order();
    try {
      await run.unlessInterrupted(() => finishBy(run, order));
      // Somebody may have changed something, or said hold, while stable was being renewed.
      if (run.holdReason === null) return;
      await holdForPerson(run, run.holdReason);
      return;
    } catch (error) {
      const { type, message } = failureOf(error);
      if (type === failureTypes.ForeignChange) await standForeignChange(run, message);
      else if (type === failureTypes.StableNotReady)
        await holdForPerson(run, `stable is not ready: ${message}`);
      else throw error;
    }
  }
}

async function finishBy(run: Run, order: ReturnType<Run['order']>): Promise<void> {
  if (run.plan.finish === 'update') {
    await call('writes', 'stable gets the release').renewStable(order);
  } else {
    // The guards look at the canary as a whole, which now comes apart step by step, within seconds.
    run.guard?.stop();
    await call('writes', "the canary's pods become stable's").adoptCanary(order);
  }
  // All traffic at once is about to go to pods that are as new to the gateway as to the cluster.
  await sleep(gatewayObeysMs, { summary: "the gateway learns of stable's pods" });
}
