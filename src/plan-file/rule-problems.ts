/** What the rules object to, in the words and at the places of the file. */
import type { Plan } from '../domain/plan/plan.ts';
import type { PlanPath, RuleProblem } from '../domain/plan/rules.ts';
import { describeAt, describeDefault } from './found.ts';
import { formatPath, toFilePath, type FilePath } from './paths.ts';
import type { ShapeProblem } from './shape.ts';
import type { Source } from './source.ts';

/** `refused`: fields that the schema has refused; what rules say about their stand-ins means nothing. */
export function explainRules(
  all: readonly RuleProblem[],
  plan: Plan,
  source: Source,
  refused: readonly FilePath[],
): ShapeProblem[] {
  const names = new Set(refused.map(formatPath));
  const isStandIn = (path: PlanPath): boolean =>
    fieldsOnTheWay(toFilePath(path)).some((it) => names.has(formatPath(it)));
  return all
    .filter((it) => !isStandIn(it.path) && !(it.comparedWith !== null && isStandIn(it.comparedWith)))
    .map((it) => explain(it, plan, source));
}

/** A path and every map and list that it leads through, the whole file included. */
function fieldsOnTheWay(path: FilePath): FilePath[] {
  return [...path.map((_step, length) => path.slice(0, length)), path];
}

function explain(problem: RuleProblem, plan: Plan, source: Source): ShapeProblem {
  const { comparedWith } = problem;
  const path = toFilePath(problem.path);
  // A default that does not fit what is written stands where the other one is written.
  const isWritten = comparedWith === null || source.has(path);
  const other = comparedWith === null ? null : toFilePath(comparedWith);
  const beside =
    comparedWith === null || other === null
      ? ''
      : ` (${formatPath(other)} is ${show(comparedWith, plan, source)})`;
  return {
    place: source.placeOf(isWritten ? path : (other ?? path)),
    path,
    found: show(problem.path, plan, source),
    allowed: `${problem.allowed}${beside}`,
    hint: null,
  };
}

function show(path: PlanPath, plan: Plan, source: Source): string {
  const inFile = toFilePath(path);
  if (!source.has(inFile)) return describeDefault(plan, path);
  return describeAt(inFile, source);
}
