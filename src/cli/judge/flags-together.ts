import type { JudgePlan, RubricCriterion } from '../../domain/plan/judge-plan.ts';
import { equalArmsMayPass, judgesHaveTime, judgesProve } from '../../domain/plan/rules/judge-advice.ts';
import { enoughPromptsAreAsked, rubricIsUsable } from '../../domain/plan/rules/judge-rules.ts';
import type { PlanPath } from '../../domain/plan/rules.ts';
import { formatDuration } from '../../plan-file/duration.ts';
import { describe } from '../../plan-file/found.ts';
import { formatPercent } from '../../plan-file/percent.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';

/**
 * Asks the rules of the rollout file what no flag can be asked alone.
 * @throws CliProblem with everything that is wrong
 */
export function checkTogether(judge: JudgePlan): void {
  const problems = [
    ...Array.from(rubricIsUsable({ judge }), ({ path, allowed }) => {
      const { of, found } = criterionAt(judge.criteria, path);
      return `--criterion${of}: found ${describe(found)}, allowed: ${allowed}`;
    }),
    ...Array.from(
      enoughPromptsAreAsked({ judge }),
      ({ allowed }) =>
        `--minimum-pairs: found ${judge.minimumPairs}, allowed: ${allowed} (--most-prompts is ${judge.mostPrompts})`,
    ),
  ];
  if (problems.length > 0) throw new CliProblem(exitCodes.badInput, problems.join('\n'));
}

/** `path` as the rule gives it: of the list, or of a field of one of its criteria. */
function criterionAt(criteria: readonly RubricCriterion[], path: PlanPath) {
  const [, , index, field] = path;
  return field === 'name' || field === 'description'
    ? { of: `, its ${field}`, found: criteria[Number(index)]?.[field] }
    : { of: '', found: criteria };
}

/**
 * What `sluice check` would warn of, of what flags say; a line each. That nobody judges is no matter here: the set is read
 * at once, and refused where it has a prompt without checker.
 */
export function adviceOn(judge: JudgePlan): string[] {
  const { deadlineMs, requestsPerSecond, evidence, limits } = judge;
  const better = (flag: string, found: string, allowed: string) =>
    `${flag}: found ${describe(found)}, better: ${allowed}`;
  return [
    ...Array.from(judgesHaveTime({ judge }), ({ allowed }) => {
      const beside = `(--requests-per-second is ${requestsPerSecond})`;
      return better('--deadline', formatDuration(deadlineMs), `${allowed} ${beside}`);
    }),
    ...Array.from(judgesProve({ judge }), ({ allowed }) => better('--evidence', evidence, allowed)),
    ...Array.from(equalArmsMayPass({ judge }), ({ allowed }) =>
      better('--min-win-rate', formatPercent(Number(limits.minWinRate)), allowed),
    ),
  ];
}
