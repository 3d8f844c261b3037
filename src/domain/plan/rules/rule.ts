import type { Plan } from '../plan.ts';

/** Where in a {@link Plan}: `['phases', 1, 'weightPercent']`. */
export type PlanPath = readonly (string | number)[];

/** What a rule objects to. */
export interface Finding {
  readonly path: PlanPath;
  /** What would be accepted there: `0.1 to 100 in steps of 0.1`. */
  readonly allowed: string;
  /** The other field when the problem is between two. */
  readonly comparedWith?: PlanPath;
}

/** Pure; the function's name is the rule's. */
export type Rule = (plan: Plan) => Iterable<Finding>;
