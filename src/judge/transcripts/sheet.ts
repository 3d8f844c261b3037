/** Where one transcript is written. */
export interface Sheet {
  /** Where it lies, for people; says nothing about its content. */
  readonly reference: string;
  /** @throws what the place says */
  append(line: string): Promise<void>;
  /** Everything is there when this resolves. @throws what the place says */
  close(): Promise<void>;
}

/** Which transcript it is. */
export interface SheetOrder {
  /** As {@link transcriptName} gives it; one of this name is begun anew. */
  readonly name: string;
  /** The time by which others beside it have run out, and are removed; null: nothing is removed. */
  readonly tidyAtMs: number | null;
}

/** Letters, digits, dots, dashes and underscores, no dot first: so it is a file's name on every system. */
export const runName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/**
 * Of a run, what it asked, and how long it is kept: in its name, since others with other times may lie beside it.
 * @param keepMs null: for ever.
 */
export function transcriptName(run: string, promptsSha256: string, keepMs: number | null): string {
  const keep = keepMs === null ? '' : `-keep${Math.ceil(keepMs / 1000)}s`;
  return `${run}-${promptsSha256.slice(0, 12)}${keep}.jsonl`;
}

/** How long one of this name is kept after it was last written to; null: for ever, or it is somebody else's. */
export function keptMs(name: string): number | null {
  const [, seconds] = /-[0-9a-f]{12}-keep(\d{1,10})s\.jsonl$/.exec(name) ?? [];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
