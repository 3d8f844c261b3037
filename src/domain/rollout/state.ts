import type { Verdict } from '../analysis/verdict.ts';
import type { JudgeReport } from '../judge/report.ts';
import type { Plan } from '../plan/plan.ts';

export interface RolloutInput {
  readonly plan: Plan;
  /** Who started it, for the record. */
  readonly startedBy: string;
  /** Why, in their words. */
  readonly reason: string;
}

export type RolloutStatus =
  | 'preparing'
  | 'awaitingApproval'
  | 'shifting'
  | 'baking'
  | 'gating'
  | 'judging'
  | 'holding'
  | 'keepingOld'
  | 'finishing'
  | 'rollingBack'
  | 'promoted'
  | 'rolledBack'
  | 'failed';

/** Why a rollout ended as it did: the first reason, whatever happened after it. */
export type EndReason =
  'completed' | 'breach' | 'gate' | 'abort' | 'cancel' | 'foreignChange' | 'holdLimit' | 'error';

export interface RolloutOutcome {
  /** `failed`: something needs a person; `leftToDo` says what. */
  readonly status: 'promoted' | 'rolledBack' | 'failed';
  readonly reason: EndReason;
  /** One sentence for people. */
  readonly sentence: string;
  /** The verdicts that decided, if any did. */
  readonly evidence: readonly Verdict[];
  /** What a person should do; empty when nothing is left. */
  readonly leftToDo: readonly string[];
}

/** Something that happened, for `status`, reports and the UI. */
export interface RolloutEvent {
  readonly atMs: number;
  readonly what: string;
  /** Who did it, when a person did. */
  readonly by: string | null;
}

export interface WeightChange {
  readonly atMs: number;
  readonly percent: number;
}

/** What the gates of a phase said. */
export interface Judgement {
  readonly atMs: number;
  /** Index into the plan's phases. */
  readonly phase: number;
  readonly verdicts: readonly Verdict[];
}

/** What judging a phase came to, and when. */
export type Judged = JudgeReport & { readonly atMs: number };

/** The answer of the `status` query. */
export interface RolloutState {
  readonly rolloutId: string;
  readonly plan: Plan;
  readonly startedBy: string;
  readonly startedAtMs: number;
  readonly status: RolloutStatus;
  /** Index into the plan's phases; null before the first and after the last. */
  readonly phase: number | null;
  /** What the route is asked for now. */
  readonly weightPercent: number;
  /** When the present bake, hold or keep time ends by itself; null without one. */
  readonly endsAtMs: number | null;
  /** Why it holds; null when it does not. */
  readonly holdReason: string | null;
  /** What the route was asked for, oldest first; nothing before the first weight. */
  readonly weights: readonly WeightChange[];
  /** What gates said, oldest first; of those that are asked again and again, the first and the last answer. */
  readonly judgements: readonly Judgement[];
  /** What the LLM judge said, oldest first. */
  readonly judged: readonly Judged[];
  /** In the order in which they happened. */
  readonly events: readonly RolloutEvent[];
  readonly outcome: RolloutOutcome | null;
}

/** What gates said last; nothing before they were asked. */
export function newestVerdicts({ judgements }: Pick<RolloutState, 'judgements'>): readonly Verdict[] {
  return judgements.at(-1)?.verdicts ?? [];
}
