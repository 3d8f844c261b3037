import type { Series } from './schema.ts';

/**
 * By how much a counter grew after `fromSeconds`. It began there at its last value before, or at 0 where it has none;
 * wherever it falls, it began anew at 0. What it counted between its last sample and a restart nobody knows.
 * @returns null for a counter without samples after `fromSeconds`.
 */
export function increaseSince(fromSeconds: number, samples: Series['samples']): number | null {
  const begin = samples.findIndex(([seconds]) => seconds > fromSeconds);
  if (begin === -1) return null;
  let increase = 0;
  let previous = samples[begin - 1]?.[1] ?? 0;
  for (const [, value] of samples.slice(begin)) {
    increase += value < previous ? value : value - previous;
    previous = value;
  }
  return increase;
}
