import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { interruptionOf } from './interruption.ts';
import { call } from './activity-options.ts';
import type { Run } from './run.ts';

/**
 * Watches the guards at one weight until it is stopped. A breach interrupts the rollout. A foreign change does, or holds
 * it, as the plan says; the guards then go on, and do not tell of the same change again. Guards that fail for good
 * interrupt too: nobody would be watching (S6).
 */
export function startGuard(run: Run, weightPercent: number): { stop(): void } {
  const scope = new CancellationScope();
  const weightSinceMs = Date.now();
  const watch = async (known: string | null): Promise<void> => {
    const order = { ...run.order(), weightPercent, weightSinceMs, known };
    const finding = await call('watches', `guards at ${weightPercent} %`).watchGuards(order);
    if (finding.kind === 'breach') {
      run.interrupt('breach', finding.verdict.sentence, [finding.verdict]);
    } else if (run.plan.onForeignChange === 'rollBack') {
      run.interrupt('foreignChange', finding.what);
    } else {
      // It may be the canary's pods that were changed: the next phase makes sure of them.
      run.canaryReplicas = 0;
      run.holdReason = finding.what;
      run.note(`holding: ${finding.what}`);
      await watch(finding.what);
    }
  };
  scope
    .run(() => watch(null))
    .catch((error: unknown) => {
      if (!isCancellation(error))
        run.interrupt('error', `the guards cannot watch: ${interruptionOf(error).sentence}`);
    });
  return {
    stop: () => {
      scope.cancel();
    },
  };
}
