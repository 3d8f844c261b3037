import type { ArmAges } from '../../domain/analysis/arm-ages.ts';
import type { Missing } from '../../domain/analysis/measurement.ts';
import { increaseSince } from './increase.ts';
import { armLabel, atLabel, sourceLabel, windowLabel } from './queries.ts';
import type { Row, Series } from './schema.ts';
import type { Arm, Count, Selection } from './source.ts';

/** Increases over the window by arm, or why there are none; one arm may be missing. */
export type Increases =
  | { readonly kind: 'counts'; readonly counts: Readonly<Record<Arm, readonly Count[] | Missing>> }
  | { readonly kind: 'noData'; readonly why: string };

/** Processes began anew meanwhile: the samples themselves must be looked at, up to `nowSeconds`. */
export interface Restarted {
  readonly kind: 'restarted';
  readonly nowSeconds: number;
  readonly gaps: Gaps;
}

/** Why an arm's counters cannot be believed; null when they can. */
type Gaps = Readonly<Record<Arm, string | null>>;

/** Samples this old are fresh whatever the window: Prometheus' own default is one a minute, most have one in 15 s. */
const freshMs = 15_000;

/** What the answer to `lookQuery` says of one source and one window. */
export function readWindow(
  answer: readonly Row[],
  source: string,
  selection: Selection,
  windowMs: number,
): Increases | Restarted {
  const rows = answer.filter((it) => it.labels[sourceLabel] === source);
  if (rows.some((it) => Number.isNaN(it.value))) return noData('a counter has the value NaN');
  const at = (what: string, window?: string) =>
    rows.filter((it) => it.labels[atLabel] === what && it.labels[windowLabel] === window);
  const inWindow = (what: string) => at(what, String(windowMs));
  const ends = inWindow('end');
  const look = { ages: at('age'), ends, selection, windowMs };
  const gaps = { stable: gapOf('stable', look), canary: gapOf('canary', look) };
  if (gaps.stable !== null && gaps.canary !== null) return noData(`${gaps.canary}, and ${gaps.stable}`);

  const starts = new Map(inWindow('start').map((it) => [seriesKey(it), it.value]));
  const counts = ends.map((it) => ({ ...it, value: it.value - (starts.get(seriesKey(it)) ?? 0) }));
  const restarts = [...inWindow('restarts'), ...inWindow('fell')].some((it) => it.value > 0);
  if (restarts || counts.some((it) => it.value < 0))
    return { kind: 'restarted', nowSeconds: nowOf(answer), gaps };
  if (starts.size === 0) return tooYoung;
  const of = (arm: Arm) =>
    missing(gaps[arm]) ?? counts.filter((it) => it.labels[armLabel] === arm).map(toCount);
  return { kind: 'counts', counts: { stable: of('stable'), canary: of('canary') } };
}

/** For how long the arms' processes have run, from the answer to `lookQuery`; null where one of them is not told. */
export function readAges(answer: readonly Row[]): ArmAges | null {
  const of = (arm: Arm) =>
    answer.find((it) => it.labels[atLabel] === 'ran' && it.labels[armLabel] === arm)?.value;
  const [stable, canary] = [of('stable'), of('canary')];
  return stable === undefined || canary === undefined ? null : { stable, canary };
}

/** What the answer to `samplesQuery` says. */
export function readSamples(
  series: readonly Series[],
  selection: Selection,
  fromSeconds: number,
  gaps: Gaps,
): Increases {
  if (series.some((it) => it.samples.some(([, value]) => Number.isNaN(value))))
    return noData('a counter has the value NaN');
  if (!series.some((it) => (it.samples[0]?.[0] ?? Infinity) <= fromSeconds)) return tooYoung;
  const of = (arm: Arm) => {
    const gap = missing(gaps[arm]);
    if (gap !== null) return gap;
    const pattern = new RegExp(`^(?:${selection.arms[arm]})$`);
    return series
      .filter((it) => pattern.test(it.labels[selection.armLabel] ?? ''))
      .map((it) => ({ labels: it.labels, value: increaseSince(fromSeconds, it.samples) ?? 0 }))
      .map(toCount);
  };
  return { kind: 'counts', counts: { stable: of('stable'), canary: of('canary') } };
}

function nowOf(answer: readonly Row[]): number {
  return answer.find((it) => it.labels[atLabel] === 'now')?.value ?? 0;
}

/** Without any series from before the window, nobody can tell a new counter from one that was not looked at. */
const tooYoung = noData(
  'no series of either arm is older than the window: the service is new, or Prometheus was down',
);

function noData(why: string): Extract<Increases, { kind: 'noData' }> {
  return { kind: 'noData', why };
}

function missing(gap: string | null): Missing | null {
  return gap === null ? null : { missing: gap };
}

interface Look {
  readonly ages: readonly Row[];
  readonly ends: readonly Row[];
  readonly selection: Selection;
  readonly windowMs: number;
}

function gapOf(arm: Arm, { ages, ends, selection, windowMs }: Look): string | null {
  const called = arm === 'canary' ? 'the canary' : 'stable';
  const age = ages.find((it) => it.labels[armLabel] === arm)?.value;
  if (age !== undefined)
    return age <= oldest(windowMs) ? null : `${called} was last scraped ${Math.round(age)} s ago`;
  return ends.some((it) => it.labels[armLabel] === arm)
    ? `${called} is not scraped any more`
    : `${called} has no series among ${selection.alive}`;
}

/** Seconds. Half a window, so that windows of a few scrapes work with any scrape interval. */
function oldest(windowMs: number): number {
  return Math.max(freshMs, windowMs / 2) / 1000;
}

function seriesKey({ labels }: Row): string {
  const others = Object.entries(labels).filter(([name]) => name !== atLabel);
  return JSON.stringify(others.sort());
}

function toCount({ labels, value }: Row): Count {
  return { name: labels['__name__'] ?? '', labels, value };
}
