import { type Quantiles, quantiles } from './quantiles.ts';
import type { FailureKind, RequestRecord } from './record.ts';

/** What became of one group of requests that have ended. */
export interface Tally {
  /** Always `good + failed`. */
  sent: number;
  good: number;
  failed: number;
  /** `failed`, by kind; a kind that did not happen is absent. */
  failures: Partial<Record<FailureKind, number>>;
  /** From the intended send time to the end of the answer, in ms, of good requests; null without any. */
  latencyMs: Quantiles | null;
  /** From the intended send time to the first text, in ms, of good streams; null without any. */
  firstTokenMs: Quantiles | null;
  /** Chunks with text, of all streams, failed ones included. */
  chunks: number;
  /** Completion tokens that the servers reported. */
  tokens: number;
}

interface SecondReport {
  /** Second of the intended send time, from 0: [second, second + 1) after the start. */
  second: number;
  total: Tally;
  arms: Record<string, Tally>;
}

export interface LoadReport {
  /** Wall clock of the start, ISO 8601. */
  startedAt: string;
  /** From the start to the end of the last request, or to the snapshot, in ms. */
  elapsedMs: number;
  /** Requests sent: always `total.good + total.failed + inFlight`. */
  sent: number;
  /** Sent and not ended yet: 0 in the report of a finished load. */
  inFlight: number;
  /** Longest time that a request was sent after its intended time, in ms: how far the generator fell behind. */
  maxLatenessMs: number;
  /** All requests that have ended. */
  total: Tally;
  /** The same by arm; the key `none` has requests that nobody answered, `unknown` answers without the header. */
  arms: Record<string, Tally>;
  /** The same by second, without gaps up to the last second that has an ended request. */
  seconds: SecondReport[];
  /** The detail of the first failure of each kind. */
  examples: Partial<Record<FailureKind, string>>;
}

/** The facts that a report is made of. */
export interface LoadFacts {
  startedAt: Date;
  elapsedMs: number;
  sent: number;
  inFlight: number;
  maxLatenessMs: number;
  /** One for each request that has ended, in the order of ending. */
  records: readonly RequestRecord[];
}

/** A request was lost or counted twice: a fault of the load generator. */
export class LoadCountError extends Error {
  override readonly name = 'LoadCountError';
}

/**
 * Puts the records together.
 *
 * @throws LoadCountError where a request is in no class, or in two.
 */
export function buildReport({ records, startedAt, ...facts }: LoadFacts): LoadReport {
  const report = {
    startedAt: startedAt.toISOString(),
    ...facts,
    total: tally(records),
    arms: tallyArms(records),
    seconds: tallySeconds(records),
    examples: firstDetails(records),
  };
  checkCounts(report, records);
  return report;
}

/** Counts and quantiles of these requests. */
export function tally(records: readonly RequestRecord[]): Tally {
  const good = records.filter((it) => it.ending.failure === null);
  let failed = 0;
  const failures: Tally['failures'] = {};
  for (const { ending } of records) {
    if (ending.failure === null) continue;
    failed++;
    failures[ending.failure] = (failures[ending.failure] ?? 0) + 1;
  }
  return {
    sent: records.length,
    good: good.length,
    failed,
    failures,
    latencyMs: quantiles(good.map((it) => it.endedMs - it.intendedMs)),
    firstTokenMs: quantiles(
      good.flatMap((it) => (it.firstTokenMs === null ? [] : [it.firstTokenMs - it.intendedMs])),
    ),
    chunks: sum(records.map((it) => it.chunks)),
    tokens: sum(records.map((it) => it.tokens)),
  };
}

/** A tally for each arm, by name. */
export function tallyArms(records: readonly RequestRecord[]): Record<string, Tally> {
  const byArm = Map.groupBy(records, (it) => it.arm);
  const names = [...byArm.keys()].sort();
  return Object.fromEntries(names.map((name) => [name, tally(byArm.get(name) ?? [])]));
}

function tallySeconds(records: readonly RequestRecord[]): SecondReport[] {
  const bySecond = Map.groupBy(records, (it) => Math.floor(it.intendedMs / 1000));
  const last = records.reduce((latest, it) => Math.max(latest, Math.floor(it.intendedMs / 1000)), -1);
  return Array.from({ length: last + 1 }, (_, second) => {
    const own = bySecond.get(second) ?? [];
    return { second, total: tally(own), arms: tallyArms(own) };
  });
}

function firstDetails(records: readonly RequestRecord[]): LoadReport['examples'] {
  const examples: LoadReport['examples'] = {};
  for (const { ending } of records) {
    if (ending.failure !== null) examples[ending.failure] ??= ending.detail;
  }
  return examples;
}

function checkCounts(
  { sent, inFlight, total, arms, seconds }: LoadReport,
  records: readonly RequestRecord[],
): void {
  const counts = {
    'good and failed and in flight': total.good + total.failed + inFlight,
    'different requests and in flight': new Set(records.map((it) => it.id)).size + inFlight,
    'arms and in flight': sum(Object.values(arms).map((it) => it.good + it.failed)) + inFlight,
    'seconds and in flight': sum(seconds.map((it) => it.total.good + it.total.failed)) + inFlight,
  };
  for (const [what, found] of Object.entries(counts)) {
    if (found !== sent)
      throw new LoadCountError(`Every request must be counted once: sent ${sent}, ${what} ${found}`);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
