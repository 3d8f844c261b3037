import type { CountedName } from '../../domain/metrics/metrics.ts';
import type { ArmCounts } from '../../domain/analysis/measurement.ts';
import type { Target } from '../../domain/plan/plan.ts';

/** Whose counters to read, and what they mean. */
export interface MetricsSource {
  /** What it can tell. */
  readonly offers: readonly CountedName[];
  /** Where the counters of both arms are that tell these metrics, all of which it offers. */
  select(target: Target, names: readonly CountedName[]): Selection;
  /** What an arm's increases over the window say of these metrics. */
  read(counts: readonly Count[], names: readonly CountedName[], arm: Arm): ArmCounts;
}

/** All texts are PromQL; patterns are regular expressions of RE2 and JavaScript alike, for whole label values. */
export interface Selection {
  /** Selects every counter of both arms that is read. */
  readonly counters: string;
  /** Selects one metric that is there as soon as an arm is scraped, requests or not. */
  readonly alive: string;
  /** Selects another one that is as good a sign, where either may come first. */
  readonly alsoAlive?: string;
  /** Selects one counter that begins anew whenever the others do. */
  readonly restarting: string;
  /** Selects one gauge that has each process' start in Unix time, where there is one. */
  readonly started?: string;
  /** The label that tells the arms apart, and its values. */
  readonly armLabel: string;
  readonly arms: Readonly<Record<Arm, string>>;
  /** Labels to be told apart; `__name__` always is. */
  readonly labels: readonly string[];
}

export type Arm = 'stable' | 'canary';

/** By how much counters grew over the window, all processes of an arm together. */
export interface Count {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The counts of one metric, summed, of which the labels match. */
export function total(
  counts: readonly Count[],
  name: string,
  matches: (labels: Count['labels']) => boolean = () => true,
): number {
  return counts.filter((it) => it.name === name && matches(it.labels)).reduce((sum, it) => sum + it.value, 0);
}
