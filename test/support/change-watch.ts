import { waitFor } from '../../dev/cluster/wait.ts';
import type { ChangeWatch } from '../../src/ports/changes.ts';

/** Until a watch can tell that nothing has changed: it runs, and was asked since. */
export function untilQuiet(watch: ChangeWatch): Promise<true> {
  return waitFor('the watch to be quiet', () => Promise.resolve(watch.mayHaveChanged() ? undefined : true));
}

export function untilChanged(watch: ChangeWatch): Promise<true> {
  return waitFor('a change to be told', () => Promise.resolve(watch.mayHaveChanged() ? true : undefined));
}
