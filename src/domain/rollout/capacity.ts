import type { CapacityPlan } from '../plan/plan.ts';

/**
 * Canary replicas that a phase needs: enough for its share of what stable runs, at least one (S3).
 * @param stableReplicas what stable runs now, for 100 % of the traffic.
 */
export function canaryReplicas(
  capacity: CapacityPlan,
  phase: { readonly index: number; readonly weightPercent: number },
  stableReplicas: number,
): number {
  if (capacity.replicas !== 'byWeight')
    return capacity.replicas[phase.index] ?? capacity.replicas.at(-1) ?? 1;
  return Math.max(1, Math.ceil((stableReplicas * phase.weightPercent) / 100));
}
