/** What a command has of the world in front of it. */
export interface Terminal {
  /** Results: a page, a table, JSON. */
  readonly out: (text: string) => void;
  /** Everything else: problems, warnings, advice. */
  readonly err: (text: string) => void;
  readonly colour: boolean;
  /** Somebody looks at it: lines may be drawn over. False in CI and in pipes. */
  readonly live: boolean;
  /** Width in characters, which may change. */
  readonly columns: () => number;
  /** Aborts at the first Ctrl-C or SIGTERM; only commands that watch ask for it. */
  readonly interruption: () => AbortSignal;
  /** Asks the person in front of it; '' when they say nothing (Ctrl-C, Ctrl-D). Null where nobody is, as in CI. */
  readonly ask: ((question: string) => Promise<string>) | null;
}
