import type { Plan } from '../../domain/plan/plan.ts';
import { planDigest } from './digest.ts';

/** What is noted on the workflow when it starts: readable from Temporal alone, while no worker answers. */
export interface RolloutMemo {
  readonly planDigest: string;
  readonly version: string;
  readonly startedBy: string;
}

export function memoOf(plan: Plan, startedBy: string): RolloutMemo {
  return { planDigest: planDigest(plan), version: plan.release.version, startedBy };
}

/** What of a memo can be read: somebody may have started the workflow from Temporal's UI, without any. */
export function readMemo(memo: Readonly<Record<string, unknown>> | undefined): Partial<RolloutMemo> {
  const texts = (['planDigest', 'version', 'startedBy'] as const).flatMap((field) => {
    const value = memo?.[field];
    return typeof value === 'string' ? [[field, value] as const] : [];
  });
  return Object.fromEntries(texts);
}
