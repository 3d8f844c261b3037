import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import { junitReport } from '../render/junit.ts';
import { summaryPage } from '../render/summary.ts';
import { summaryEnv } from '../render/summary-env.ts';
import type { Summary } from './summary.ts';

/** By the file's ending; any other is Markdown. */
const renderers: Readonly<Record<string, (summary: Summary, nowMs: number) => string>> = {
  '.env': summaryEnv,
  '.xml': junitReport,
};

/**
 * Replaces each file in one step: who reads it, or is left with it after a SIGKILL, has all of the old text or all of
 * the new one. Synchronous, so that two writes cannot overtake each other; the texts are small and rarely written.
 *
 * @throws CliProblem when one cannot be written.
 */
export function writeSummary(files: readonly string[], summary: Summary, nowMs: number): void {
  for (const file of files) {
    const render = renderers[path.extname(file)] ?? summaryPage;
    const part = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.part`);
    try {
      writeFileSync(part, render(summary, nowMs));
      renameSync(part, file);
    } catch (error) {
      rmSync(part, { force: true });
      const { message: why } = error as NodeJS.ErrnoException;
      const message = `--summary must be a file that can be written: found ${file} (${why})`;
      throw new CliProblem(exitCodes.badInput, message, '', error);
    }
  }
}
