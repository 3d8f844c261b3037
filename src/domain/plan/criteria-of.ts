import type { Criterion, Plan } from './plan.ts';

/** Every criterion of the plan's guards and gates, as often as it is there. */
export function criteriaOf({ guards, phases }: Pick<Plan, 'guards' | 'phases'>): Criterion[] {
  return [...guards, ...phases.flatMap((it) => it.gates)].map((it) => it.criterion);
}
