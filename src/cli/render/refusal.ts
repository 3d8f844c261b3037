import { renderProblem, type Problem } from '../../plan-file/problem.ts';
import type { Terminal } from '../terminal.ts';
import { paintFor } from './paint.ts';

/** Why a rollout file is refused: one line a problem. */
export function showRefusal(
  { err, colour }: Pick<Terminal, 'err' | 'colour'>,
  problems: readonly Problem[],
): void {
  const paint = paintFor(colour);
  for (const problem of problems) err(`${paint.bad('error')} ${renderProblem(problem)}\n`);
}
