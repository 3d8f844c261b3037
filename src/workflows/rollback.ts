import { CancellationScope, sleep } from '@temporalio/workflow';
import type { RolloutOutcome } from '../domain/rollout/state.ts';
import { call } from './activity-options.ts';
import { interruptionOf, type Interruption } from './interruption.ts';
import type { Run } from './run.ts';

/** The gateway obeys within a second of accepting the route; requests that it still sends must find a pod. */
const gatewayObeysMs = 2000;

/**
 * All traffic to stable, then the canary away, then everything as it was. Cannot be cancelled (S7); the route is the
 * first write and waits for nothing (S1).
 */
export async function rollBack(run: Run, why: Interruption): Promise<RolloutOutcome> {
  return CancellationScope.nonCancellable(async () => {
    run.guard?.stop();
    run.enter('rollingBack');
    run.note(`rolling back: ${why.sentence}`);
    const leftToDo: string[] = [];
    if (run.claimed) {
      await attempt(leftToDo, 'put the traffic back to stable', () =>
        call('always', 'all traffic to stable').moveTrafficBack(run.order()),
      );
      run.enter('rollingBack', { weightPercent: 0 });
      run.note('all traffic is on stable');
      await Promise.all(run.stopping);
      await sleep(gatewayObeysMs, { summary: 'the gateway obeys' });
      await attempt(leftToDo, 'remove the canary and the notes of this rollout', () =>
        call('always', 'canary away, everything as it was').clearAway(run.order()),
      );
    }
    return {
      status: leftToDo.length === 0 ? 'rolledBack' : 'failed',
      reason: why.reason,
      sentence: why.sentence,
      evidence: why.evidence,
      leftToDo,
    };
  });
}

/** The retry policy goes on for ever; only what can never succeed comes out here, and is told to a person. */
async function attempt(leftToDo: string[], what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    leftToDo.push(`${what}: ${interruptionOf(error).sentence}`);
  }
}
