import type { Verdict } from '../domain/analysis/verdict.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { Fence } from '../domain/rollout/fence.ts';
import type { JudgeReport } from '../domain/judge/report.ts';
import type { GuardFinding } from '../domain/rollout/guarding.ts';
import type { TrafficQuestion, TrafficReading } from '../domain/prospects/traffic.ts';
import type { SeriesQuestion, SeriesReading } from '../domain/series/series.ts';
import type { RolloutOutcome } from '../domain/rollout/state.ts';

/** Every activity gets the plan and the fence; what it writes to the route carries the fence (S4). */
export interface Order {
  readonly plan: Plan;
  readonly fence: Fence;
}

/** What preflight learns that the workflow needs. */
export interface PreflightReport {
  /** What stable runs: the measure of the canary's capacity. */
  readonly stableReplicas: number;
  /** What does not keep it from starting, and a person should know. */
  readonly warnings: readonly string[];
}

/** A weight to write. */
export interface ShiftOrder extends Order {
  readonly weightPercent: number;
  /** Of the canary, that must be ready for it (S3). */
  readonly replicas: number;
  /** What this rollout wrote last (S10); null when a person took on what is there. */
  readonly expectedPercent: number | null;
}

/** All traffic to stable. */
export interface BackOrder extends Order {
  /** For a ready pod of stable; false: fail where there is none. */
  readonly waits: boolean;
}

/** What a guard watches. */
export interface GuardOrder extends Order {
  readonly weightPercent: number;
  /** When the canary got this weight: what was counted before is not its doing. */
  readonly weightSinceMs: number;
  /** A foreign change that was told already; null for none. */
  readonly known: string | null;
}

/** One look at a phase's gates. */
export interface GatesLook extends Order {
  readonly phase: number;
  /** How far back. */
  readonly windowMs: number;
  /** How far back users alone have asked the arms; null, or below 0, while an LLM judge's requests may come in. */
  readonly undisturbedMs: number | null;
}

/** Looks at a phase's gates, one after the other. */
export interface GatesWait extends Order {
  readonly phase: number;
  /** When the canary got its weight. */
  readonly sinceMs: number;
  /** Since when users alone ask the arms, or from when on; null as long as nobody knows. */
  readonly undisturbedSinceMs: number | null;
}

/** Reads for whoever asks before a rollout begins, or after it. */
export interface ReadingActivities {
  readTraffic(question: TrafficQuestion): Promise<TrafficReading>;
  readSeries(question: SeriesQuestion): Promise<SeriesReading>;
}

/**
 * The activities of a rollout. Each may die between any two of its calls and be run again, by another worker, while
 * its first attempt still runs (S5).
 */
export interface RolloutActivities {
  /** Reads only. Fails with PreflightFailed, all problems in one message. */
  preflight(order: Order): Promise<PreflightReport>;
  /** Makes the rollout the owner of route and workload, notes what was there, pins stable's autoscaler. */
  takeTarget(order: Order): Promise<void>;
  /** Creates or scales the canary, waits until it is ready, and warms new pods up. Fails with CanaryNotReady. */
  readyCanary(order: Order & { readonly replicas: number }): Promise<void>;
  /** Writes the weight and waits until the gateway has accepted it. Fails with ForeignChange. */
  shiftWeight(order: ShiftOrder): Promise<void>;
  /** Looks until it is cancelled or finds something; of the foreign change `known` it does not tell again. */
  watchGuards(order: GuardOrder): Promise<GuardFinding>;
  /** One look at a phase's gates. */
  judgeGates(order: GatesLook): Promise<Verdict[]>;
  /** Looks at a phase's gates until they pass or one fails. */
  awaitGates(order: GatesWait): Promise<Verdict[]>;
  /** Makes the Jobs of a phase's judge, one after the other, until one answers or the plan allows no more. */
  judgePhase(order: Order & { readonly phase: number }): Promise<JudgeReport>;
  /** Removes the judge's Jobs of a phase, or of all. */
  endJudging(order: Order & { readonly phase: number | null }): Promise<void>;
  /**
   * All traffic to stable (S1). While stable has no ready pod at all it waits, and says so, or fails at once with
   * NoStablePod, so that the workflow can say so; nothing else keeps it. Returns at once when the route was never claimed.
   */
  moveTrafficBack(order: BackOrder): Promise<void>;
  /**
   * finish `update`: gives stable the release's template and waits until all of its pods have it and are ready. Fails
   * with StableNotReady, ForeignChange.
   */
  renewStable(order: Order): Promise<void>;
  /** finish `adopt`: the canary's running pods become stable's. Fails with ForeignChange. */
  adoptCanary(order: Order): Promise<void>;
  /** Gives stable its own template back. Harmless when it has it. Fails with ForeignChange. */
  undoStable(order: Order): Promise<void>;
  /** Waits until the canary's running requests have ended, no longer than the plan allows. */
  drainCanary(order: Order): Promise<void>;
  /** Removes the canary and every note but the fence, and puts the autoscaler back. Returns what it left, and why. */
  clearAway(order: Order): Promise<readonly string[]>;
  /** Tells the plan's notification addresses how it ended. */
  notify(order: Order & { readonly outcome: RolloutOutcome }): Promise<void>;
}
