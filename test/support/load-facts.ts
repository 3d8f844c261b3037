import type { LoadReport } from '../../dev/load/report.ts';

/** What failed so far, for an expectation that shows an example of each kind: `{ failed: 0, examples: {} }` is none. */
export function failures({ total, examples }: LoadReport): Pick<LoadReport, 'examples'> & { failed: number } {
  return { failed: total.failed, examples };
}

/** When the last request was sent that this arm answered, in whole seconds from the start of the load; null for none. */
export function lastSecondOf(arm: string, { seconds }: LoadReport): number | null {
  return seconds.findLast(({ arms }) => arms[arm] !== undefined)?.second ?? null;
}
