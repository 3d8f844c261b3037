import type { ToldValue } from '../../domain/analysis/measurement.ts';
import type { ToldArms, ValueLook } from '../../ports/values.ts';

/** Guards and gates look at the present, but for what stable did before the canary got its last weight. */
const presentMs = 60_000;

/**
 * For providers that tell the present alone, whatever the window: asks once for all windows, and of earlier times not at
 * all, so that a report shows no value at a time at which nobody told it.
 */
export async function presentValues(
  { windowsMs, atMs }: ValueLook,
  ask: (arm: keyof ToldArms) => Promise<ToldValue>,
): Promise<ReadonlyMap<number, ToldArms>> {
  const isPresent = atMs === undefined || Date.now() - atMs <= presentMs;
  const missing = { missing: 'it is told as it is now, and was asked of earlier' };
  const [stable, canary] = isPresent ? await Promise.all([ask('stable'), ask('canary')]) : [missing, missing];
  return new Map(windowsMs.map((it) => [it, { stable, canary }]));
}
