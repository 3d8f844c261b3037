import { CancellationScope, sleep } from '@temporalio/workflow';
import { failureTypes } from '../domain/failures.ts';
import type { RolloutStatus } from '../domain/rollout/state.ts';
import { call } from './activity-options.ts';
import { failureOf, interruptionOf } from './interruption.ts';
import type { Run } from './run.ts';

/**
 * A gateway obeys within a second of accepting the route, and knows a ready pod within a second. Requests that it still
 * sends the old way must find a pod.
 */
export const gatewayObeysMs = 2000;

/**
 * All traffic to stable, then the canary's last requests, then the canary away and everything as it was. The way back
 * and the end of a promotion alike. Cannot be cancelled (S7); the route is the first write and waits for nothing (S1).
 * @param options.undoStable stable may have the release's template, and is to get its own back.
 * @returns what a person has to do; empty when nothing is left.
 */
export async function leaveCanary(
  run: Run,
  options: {
    readonly status: RolloutStatus;
    readonly undoStable: boolean;
    /** The canary's pods are stable's now. */
    readonly podsStay: boolean;
  },
): Promise<string[]> {
  const leftToDo: string[] = [];
  await CancellationScope.nonCancellable(async () => {
    run.guard?.stop();
    const moving = attempt(leftToDo, 'put the traffic back to stable', () => moveTrafficBack(run));
    // Sent off with the traffic, which waits for nothing, and after it.
    run.judging?.stop();
    const moved = await moving;
    // A canary that may have traffic must stay.
    if (!moved) return;
    run.enter(options.status, { weightPercent: 0 });
    run.note('all traffic is on stable');
    await Promise.all(run.stopping);
    if (options.undoStable) {
      await attempt(leftToDo, 'give stable its own template back', () =>
        call('always', 'stable as it was').undoStable(run.order()),
      );
    }
    await sleep(gatewayObeysMs, { summary: 'the gateway obeys' });
    if (!options.podsStay) await call('always', 'the canary ends its requests').drainCanary(run.order());
    await attempt(leftToDo, 'remove the canary and the notes of this rollout', async () => {
      const left = await call('always', 'canary away, everything as it was').clearAway(run.order());
      for (const sentence of left) run.note(sentence);
    });
  });
  return leftToDo;
}

/** With no pod of stable ready it says so first, where people look, and then waits for one. */
async function moveTrafficBack(run: Run): Promise<void> {
  try {
    await call('always', 'all traffic to stable').moveTrafficBack({ ...run.order(), waits: false });
  } catch (error) {
    const { type, message } = failureOf(error);
    if (type !== failureTypes.NoStablePod) throw error;
    run.note(message);
    const what = 'all traffic to stable, once it has a ready pod';
    await call('always', what).moveTrafficBack({ ...run.order(), waits: true });
  }
}

/**
 * The retry policy goes on for ever; only what can never succeed comes out here, and is told to a person.
 * @returns whether it was done.
 */
async function attempt(leftToDo: string[], what: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    leftToDo.push(`${what}: ${interruptionOf(error).sentence}`);
    return false;
  }
}
