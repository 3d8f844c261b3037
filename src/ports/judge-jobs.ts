import type { JudgeAnswer } from '../domain/judge/answer.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { Owner } from './workload.ts';

/** Which try in which phase; with the rollout's id it names the Job. */
export interface JudgeTry {
  /** Index into the plan's phases. */
  readonly phase: number;
  /** From 1. */
  readonly attempt: number;
}

/** Where a Job stands. */
export type JudgeJobState =
  /** @property what for people: `pod is waiting: ImagePullBackOff` */
  | { readonly kind: 'running'; readonly what: string }
  | { readonly kind: 'answered'; readonly answer: JudgeAnswer }
  /** Failed, evicted, past its deadline, or an answer that is none. */
  | { readonly kind: 'failed'; readonly why: string }
  /** Nobody has made it, or somebody has removed it. */
  | { readonly kind: 'absent' };

/** Jobs that judge. All methods throw PortFault; all can be called twice, late, or beside their own second attempt (S5). */
export interface JudgeJobsPort {
  /**
   * What keeps Jobs of this plan from being made, as sentences: missing rights, fields that the cluster refuses; none
   * without a judge. Secret, ConfigMap and claim are not looked for, as nobody here may read them: without one the first
   * try fails, and says so.
   */
  inspect(plan: Plan): Promise<readonly string[]>;
  /** Makes the Job and its NetworkPolicy, or adopts what is there under this name and of this rollout. */
  start(plan: Plan, which: JudgeTry, owner: Owner): Promise<void>;
  look(plan: Plan, which: JudgeTry, owner: Owner): Promise<JudgeJobState>;
  /** Whether any of this rollout's Jobs may still ask the arms. */
  areAsking(plan: Plan, owner: Owner): Promise<boolean>;
  /**
   * Removes this rollout's Jobs, their pods and NetworkPolicies, running or not; at once, waiting for no pod.
   * @param phase only those of this phase; null: all.
   */
  remove(plan: Plan, phase: number | null, owner: Owner): Promise<void>;
}
