/** Something about a rollout file that a person has to change (refused), or should (warning). */
export interface Problem {
  readonly severity: 'refused' | 'warning';
  /** As it was given. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** `spec.phases[1].weight`; '' for the file as a whole. */
  readonly path: string;
  readonly found: string;
  /** What would be accepted; of a warning, what would be better. */
  readonly allowed: string;
  /** What was probably meant: `did you mean weight?`. */
  readonly hint: string | null;
}

/** `rollout.yaml:12:9 spec.phases[1].weight: found 0, allowed: 0.1 to 100 in steps of 0.1` */
export function renderProblem(problem: Problem): string {
  const { severity, file, line, column, path, found, allowed, hint } = problem;
  const where = path === '' ? 'the file' : path;
  const more = hint === null ? '' : `; ${hint}`;
  const word = severity === 'warning' ? 'better' : 'allowed';
  return `${file}:${line}:${column} ${where}: found ${found}, ${word}: ${allowed}${more}`;
}

/** In the order of the file. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column || compare(a.path, b.path));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
