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
  /** Transcripts that were last written to before this are removed. */
  readonly removeBeforeMs: number;
}

/** Letters, digits, dots, dashes and underscores, no dot first: so it is a file's name on every system. */
export const runName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** Of a run, and what it asked. */
export function transcriptName(run: string, promptsSha256: string): string {
  return `${run}-${promptsSha256.slice(0, 12)}.jsonl`;
}

/** One of ours: other files beside them are somebody else's. */
export function isTranscriptName(name: string): boolean {
  return /-[0-9a-f]{12}\.jsonl$/.test(name);
}
