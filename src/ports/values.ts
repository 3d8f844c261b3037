import type { ToldValue } from '../domain/analysis/measurement.ts';

/** When a value is asked for. */
export interface ValueLook {
  /** Windows that end at `atMs`, in ms: how far back a value that is computed anew is to look. */
  readonly windowsMs: readonly number[];
  /** Milliseconds since 1970; @default the provider's present. */
  readonly atMs?: number;
}

/** What was told of each arm. */
export interface ToldArms {
  readonly stable: ToldValue;
  readonly canary: ToldValue;
}

/** Tells numbers that somebody else computed. Never rejects: what goes wrong is in the answer. */
export interface ValueProvider<Source> {
  /** Both arms over each window; by window. */
  read(source: Source, look: ValueLook, signal: AbortSignal): Promise<ReadonlyMap<number, ToldArms>>;
}
