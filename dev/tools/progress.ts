/** Told what is being done now, in a few words. */
export type Progress = (what: string) => void;

/** A tool could not be had; nothing half-made is left behind. */
export class ToolProblem extends Error {
  override readonly name = 'ToolProblem';
  /** What a person should do, or what the tool itself said. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
