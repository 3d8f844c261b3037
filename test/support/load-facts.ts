import type { LoadReport } from '../../dev/load/report.ts';

/** What failed so far, for an expectation that shows when it did, and an example of each kind. */
export interface Failures {
  readonly failed: number;
  readonly examples: LoadReport['examples'];
  /** Seconds of the load whose requests failed. */
  readonly seconds: readonly number[];
}

export const noFailures: Failures = { failed: 0, examples: {}, seconds: [] };

export function failures({ total, examples, seconds }: LoadReport): Failures {
  const bad = seconds.filter((it) => it.total.failed > 0).map((it) => it.second);
  return { failed: total.failed, examples, seconds: bad };
}

/** When the last request was sent that this arm answered, in whole seconds from the start of the load; null for none. */
export function lastSecondOf(arm: string, { seconds }: LoadReport): number | null {
  return seconds.findLast(({ arms }) => arms[arm] !== undefined)?.second ?? null;
}
