import type { ExitCode } from './exit-codes.ts';

/** What the command cannot do, in a sentence, and what a person can do about it. */
export class CliProblem extends Error {
  override readonly name = 'CliProblem';
  readonly exitCode: ExitCode;
  /** What to do; empty when the message says it. */
  readonly hint: string;

  constructor(exitCode: ExitCode, message: string, hint = '', cause?: unknown) {
    super(message, { cause });
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
