import type { JudgePlan } from '../../../src/domain/plan/judge-plan.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { checkPlan, type RuleProblem } from '../../../src/domain/plan/rules.ts';
import { defaultPlan, judgePlan } from '../../support/plans.ts';

/** The built-in plan, but for guards that only gateways count, with this judge. */
export function planWith(judge: Partial<JudgePlan> = {}, changes: Partial<Plan> = {}): Plan {
  const guards = defaultPlan().guards.filter((it) => it.criterion.metric !== 'cost-per-request');
  return defaultPlan({ guards, judge: judgePlan(judge), ...changes });
}

/** `rule path: allowed` of each. */
export const told = (all: readonly RuleProblem[]) =>
  all.map((it) => `${it.rule} ${it.path.join('.')}: ${it.allowed}`);
/** Of a plan with this judge. */
export const problems = (judge: Partial<JudgePlan>) => told(checkPlan(planWith(judge)).problems);
export const warnings = (judge: Partial<JudgePlan>, changes: Partial<Plan> = {}) =>
  told(checkPlan(planWith(judge, changes)).warnings);
