import { failureTypes } from '../domain/failures.ts';
import { canaryReplicas } from '../domain/rollout/capacity.ts';
import { call } from './activity-options.ts';
import { awaitApproval } from './approval.ts';
import { bake } from './bake.ts';
import { passGates } from './gates.ts';
import { startGuard } from './guard.ts';
import { standForeignChange } from './hold.ts';
import { failureOf } from './interruption.ts';
import { startJudging } from './judging.ts';
import type { Run } from './run.ts';

/**
 * One phase: approval, capacity, weight, bake under guards and judge, gates. The guard of the phase before watches until this one's weight is
 * written.
 * @throws Interrupted; ActivityFailure.
 */
export async function runPhase(run: Run, index: number, stableReplicas: number): Promise<void> {
  const phase = run.plan.phases[index];
  if (phase === undefined) throw new RangeError(`phase ${index} is not in the plan`);
  const { weightPercent, bakeMs } = phase;
  if (phase.requireApproval && !run.full) await awaitApproval(run, `phase ${index + 1} needs approval`);

  run.enter('shifting', { phase: index });
  const replicas = canaryReplicas(run.plan.capacity, { index, weightPercent }, stableReplicas);
  await grow(run, replicas);
  await shift(run, weightPercent, replicas);
  run.enter('baking', { weightPercent });
  run.note(`phase ${index + 1}: ${weightPercent} %`);
  const sinceMs = Date.now();
  run.guard?.stop();
  run.guard = startGuard(run, weightPercent);

  startJudging(run, index);

  await bake(run, 'baking', bakeMs, `bake at ${weightPercent} %`);
  if (!run.full) await passGates(run, index, sinceMs);
  run.judging?.stop();
}

/** Capacity first. What a phase before has made ready is not asked for again: the write of the weight looks at it (S3). */
async function grow(run: Run, replicas: number): Promise<void> {
  if (run.canaryReplicas === replicas) return;
  const capacity = run.order();
  await run.unlessInterrupted(() =>
    call('writes', `canary's replicas: ${replicas}, ready and warm`).readyCanary({ ...capacity, replicas }),
  );
  run.canaryReplicas = replicas;
}

/** Somebody else's weight is not overwritten until a person has seen it (S10). */
async function shift(run: Run, weightPercent: number, replicas: number): Promise<void> {
  let expectedPercent: number | null = run.state.weightPercent;
  for (;;) {
    const order = { ...run.order(), weightPercent, replicas, expectedPercent };
    try {
      await run.unlessInterrupted(() => call('writes', `weight ${weightPercent} %`).shiftWeight(order));
      return;
    } catch (error) {
      const { type, message } = failureOf(error);
      if (type !== failureTypes.ForeignChange) throw error;
      await standForeignChange(run, message);
      expectedPercent = null;
      run.enter('shifting');
    }
  }
}
