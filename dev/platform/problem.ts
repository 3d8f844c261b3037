/** The platform cannot do what was asked, and a person can do something about it. */
export class PlatformProblem extends Error {
  override readonly name = 'PlatformProblem';
  /** What to do, or the last lines of what the failing part said. */
  readonly hint: string;
  /** 1: something broke; 2: bad input or an unfit machine, nothing was changed. */
  readonly exitCode: 1 | 2;

  constructor(message: string, hint: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
