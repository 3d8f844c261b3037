import type { Played } from './play.ts';

/** What many rollouts that were played had in common. */
export interface SimulationSummary {
  readonly times: number;
  /** Shares of all, 0 to 1. */
  readonly promoted: number;
  readonly rolledBack: number;
  readonly held: number;
  /** What decided the rollbacks, the most frequent first, with its share of all. */
  readonly because: readonly { readonly what: string; readonly share: number }[];
  /** Of those that were rolled back; null when none was. */
  readonly rollbacks: {
    readonly afterMs: Spread;
    readonly requests: Spread;
    readonly failed: Spread;
  } | null;
  /** Of those that were promoted, how long they waited for evidence; null when none was. */
  readonly heldMs: Spread | null;
}

/** Half of them are at most `median`, nine of ten at most `p90`. */
export interface Spread {
  readonly median: number;
  readonly p90: number;
}

/** @param played at least one. */
export function summarize(played: readonly Played[]): SimulationSummary {
  const of = (outcome: Played['outcome']) => played.filter((it) => it.outcome === outcome);
  const [promoted, back, held] = [of('promoted'), of('rolledBack'), of('held')];
  const share = (some: readonly unknown[]) => some.length / played.length;
  const because = [...Map.groupBy(back, (it) => it.because)]
    .map(([what, some]) => ({ what, share: share(some) }))
    .sort((one, other) => other.share - one.share);
  return {
    times: played.length,
    ...{ promoted: share(promoted), rolledBack: share(back), held: share(held) },
    because,
    rollbacks:
      back.length === 0
        ? null
        : {
            afterMs: spreadOf(back.map((it) => it.afterMs)),
            requests: spreadOf(back.map((it) => it.requests)),
            failed: spreadOf(back.map((it) => it.failed)),
          },
    heldMs: promoted.length === 0 ? null : spreadOf(promoted.map((it) => it.heldMs)),
  };
}

function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  return { median: at(0.5), p90: at(0.9) };
}
