import { CancellationScope, sleep } from '@temporalio/workflow';
import type { RolloutOutcome } from '../domain/rollout/state.ts';
import { call } from './activity-options.ts';
import type { Run } from './run.ts';

/** As in a rollback: requests on their way to the canary must still find it. */
const gatewayObeysMs = 2000;

/**
 * Finish `update`: stable gets the release while the canary serves, then the traffic returns and the canary goes.
 * From here on the release is promoted; an abort that comes now is noted and changes nothing.
 */
export async function finish(run: Run): Promise<RolloutOutcome> {
  await CancellationScope.nonCancellable(async () => {
    run.enter('finishing');
    await call('always', 'stable gets the release').renewStable(run.order());
    run.guard?.stop();
    await call('always', 'traffic returns to stable').moveTrafficBack(run.order());
    run.enter('finishing', { weightPercent: 0 });
    await sleep(gatewayObeysMs, { summary: 'the gateway obeys' });
    await call('always', 'canary away').clearAway(run.order());
  });
  const sentence = `${run.plan.release.version} is stable now`;
  return { status: 'promoted', reason: 'completed', sentence, evidence: run.state.verdicts, leftToDo: [] };
}
