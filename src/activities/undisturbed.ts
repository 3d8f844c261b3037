import { metricOf } from '../domain/plan/metric-of.ts';
import { countsOwnRequests, ownRequestsSettleMs } from '../domain/judge/own-requests.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { Ports } from './deps.ts';
import type { GuardOrder } from './types.ts';

/**
 * Since when users alone ask the arms, or from when on, in ms since 1970; null while an LLM judge may ask them, too. The
 * cluster is asked, and not the workflow: a Job may be there that its attempt does not know of.
 * @param before what the look before this one knew; undefined without one.
 */
export async function undisturbedSince(
  { judgeJobs }: Pick<Ports, 'judgeJobs'>,
  { plan, fence, weightPercent, weightSinceMs }: GuardOrder,
  { nowMs, before }: { readonly nowMs: number; readonly before: number | null | undefined },
): Promise<number | null> {
  if (plan.judge?.atWeights.includes(weightPercent) !== true || !isDisturbed(plan)) return weightSinceMs;
  // Whoever does not answer may have Jobs that ask.
  const asks = await judgeJobs.areAsking(plan, { rolloutId: fence.rolloutId }).catch(() => true);
  return asks ? null : (before ?? nowMs + ownRequestsSettleMs);
}

function isDisturbed({ guards, metrics }: Plan): boolean {
  // Its counters tell each arm's share of the requests, too.
  return metrics.source === 'vllm' || guards.some((it) => countsOwnRequests(metricOf(it.criterion), metrics));
}
