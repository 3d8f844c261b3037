import type { HeaderRule, Target } from '../domain/plan/plan.ts';
import type { Fence, FenceOnRoute } from '../domain/rollout/fence.ts';
import type { ChangeWatch } from './changes.ts';

/** What a route says now about the two arms. */
export interface TrafficState {
  /** Percent that the route asks for the canary, over all rules that name the stable Service; null when rules differ. */
  readonly canaryWeightPercent: number | null;
  readonly fence: FenceOnRoute | null;
  /** The gateway has accepted the route as it is written now, with all its backends. */
  readonly accepted: boolean;
  /** Rules that lead to the stable Service. */
  readonly rules: number;
}

/**
 * Weights between the stable and the canary Service. All methods throw PortFault: StaleWrite, TargetTaken,
 * Refused, Unavailable. Other rules, matches, filters, backends and annotations are never changed (S8); every write is
 * read, change, write with resourceVersion, and decided again after a conflict.
 */
export interface TrafficPort {
  read(target: Target): Promise<TrafficState>;
  /** Tells when `read` may answer something new. */
  watch(target: Target): ChangeWatch;
  /**
   * Makes the rollout the owner and notes what was there before; harmless when it is the owner already.
   * @throws PortFault TargetTaken when another rollout that has not ended owns it.
   */
  claim(target: Target, fence: Fence): Promise<void>;
  /**
   * Leads `weightPercent` (above 0, up to 100) of the traffic to the canary Service, the rest to stable; at 100 stable
   * stays named with weight 0 so that the way back is one write. Also sets the header rule, if any.
   * @param expectedPercent what this rollout wrote last; another weight is somebody else's and is not overwritten (S10).
   * Null: whatever is there.
   * @throws PortFault StaleWrite when the fence on the route is later or not ours; ForeignChange.
   */
  shift(
    target: Target,
    weightPercent: number,
    fence: Fence,
    headerRule: HeaderRule | null,
    expectedPercent: number | null,
  ): Promise<TrafficState>;
  /**
   * All traffic to stable, the canary and the header rule removed: the backends are what they were before the claim.
   * Harmless when they are.
   */
  moveBack(target: Target, fence: Fence): Promise<TrafficState>;
  /** Marks the fence as released and removes the other notes of the rollout. Harmless when done. */
  release(target: Target, fence: Fence): Promise<void>;
}
