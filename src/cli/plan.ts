import type { Plan } from '../domain/plan/plan.ts';
import type { PlanFileAnswer } from '../plan-file/read.ts';
import { exitCodes } from './exit-codes.ts';
import { CliProblem } from './problem.ts';

/** Loaded when it is asked for: a schema library has no part in most commands. */
export async function readPlan(file: string): Promise<PlanFileAnswer> {
  const { readPlanFile } = await import('../plan-file/read.ts');
  return readPlanFile(file);
}

/** Flags that say where the rollout is meant to go. */
export interface ExpectedPlace {
  readonly namespace?: string;
  readonly cluster?: string;
}

/**
 * The file names its place; flags only make sure that it is the one that was meant.
 *
 * @throws CliProblem
 */
export function mustBeIn({ target }: Plan, file: string, expected: ExpectedPlace): void {
  for (const field of ['namespace', 'cluster'] as const) {
    const wanted = expected[field];
    if (wanted === undefined || wanted === target[field]) continue;
    throw new CliProblem(
      exitCodes.badInput,
      `--${field} ${wanted} must be the file's: ${file} says metadata.${field} ${target[field]}`,
    );
  }
}
