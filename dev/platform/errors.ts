import { ToolProblem } from '../tools/progress.ts';
import { PlatformProblem } from './problem.ts';

/** The one place that turns an error into text and an exit code: 1 something broke, 2 bad input or an unfit machine. */
export function reportError(error: unknown): void {
  if (error instanceof PlatformProblem || error instanceof ToolProblem) {
    process.stderr.write(`\nsluice: ${error.message}\n${error.hint}\n`);
    process.exitCode = error instanceof PlatformProblem ? error.exitCode : 1;
  } else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  }
}
