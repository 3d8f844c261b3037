import type { Arm, Selection } from './source.ts';

/** Labels that the queries add; named so that no exporter has them. */
export const atLabel = 'sluice_at';
export const windowLabel = 'sluice_window';
export const sourceLabel = 'sluice_source';
export const armLabel = 'sluice_arm';

/**
 * How far before the window a counter's last value is looked for. A target that could not be scraped for longer than
 * that is taken for a new one. Prometheus itself looks back as far.
 */
export const lookbackMs = 5 * 60_000;

/** Samples a series in an answer of {@link samplesQuery}, at most; beyond, it asks for one in so many. */
const mostSamples = 900;

/**
 * All that one look at both arms needs, from any number of sources and over any number of windows, in one instant query.
 * Rows carry `sluice_at`, the name of their source as `sluice_source`, and those of a window its length in ms as
 * `sluice_window`:
 *
 * - `end`: each counter's last value in the window, summed over the processes of an arm
 * - `start`: its last value before the window, summed over those that are in `end`; a counter that is new has none
 * - `restarts`, `fell`: how many times counters began anew in the window, and how many are below `start` in it; if any,
 *   `start` and `end` do not tell the increase
 * - `age`, of no window: seconds since the arm's newest sample
 * - `ran`, of no window: seconds since the arm's processes started, on average; where the source tells
 * - `now`, of no window and no source: when the query ran, Unix time in seconds
 *
 * `increase()` is not used: it drops the first value of a new series, which for a canary is many of its requests, and it
 * stretches what it saw to the window's length, by half where the window has three samples.
 */
export function lookQuery(
  selections: Readonly<Record<string, Selection>>,
  windowsMs: readonly number[],
): string {
  const ofSource = ([name, selection]: readonly [string, Selection]) => {
    const { alive, alsoAlive, started } = selection;
    // Each by itself: without their names, two metrics' series could be one.
    const signs = alsoAlive === undefined ? [alive] : [alive, alsoAlive];
    const stamps = signs.map((it) => `timestamp(${it})`).join(' or ');
    const age = `min by (${armLabel}) (${withArm(selection, `time() - (${stamps})`)})`;
    const ran =
      started === undefined
        ? []
        : [at('ran', `avg by (${armLabel}) (${withArm(selection, `time() - ${started}`)})`)];
    const parts = [...windowsMs.flatMap((it) => windowQueries(selection, it)), at('age', age), ...ran];
    return parts.map((it) => set(sourceLabel, name, it));
  };
  return [...Object.entries(selections).flatMap(ofSource), at('now', 'vector(time())')].join(' or ');
}

function windowQueries(selection: Selection, windowMs: number): string[] {
  const { counters, restarting } = selection;
  const window = `[${windowMs}ms]`;
  const before = `[${lookbackMs}ms] offset ${windowMs}ms`;
  const last = `last_over_time(${counters}${window})`;
  const fell = `min_over_time(${restarting}${window}) < last_over_time(${restarting}${before})`;
  const by = [armLabel, '__name__', ...selection.labels].join(',');
  return [
    at('end', `sum by (${by}) (${withArm(selection, last)})`),
    at('start', `sum by (${by}) (${withArm(selection, `last_over_time(${counters}${before}) and ${last}`)})`),
    at('restarts', `sum by (${armLabel}) (${withArm(selection, `resets(${restarting}${window})`)})`),
    at('fell', `count by (${armLabel}) (${withArm(selection, fell)})`),
  ].map((it) => set(windowLabel, String(windowMs), it));
}

/** The samples themselves, from the look-back to the end of the window. */
export function samplesQuery({ counters }: Selection, windowMs: number): string {
  const rangeMs = windowMs + lookbackMs;
  const stepMs = Math.ceil(rangeMs / mostSamples / 1000) * 1000;
  // Scrapes are seldom closer than a second, so that a short range has few enough as it is.
  return stepMs > 1000 ? `${counters}[${rangeMs}ms:${stepMs}ms]` : `${counters}[${rangeMs}ms]`;
}

function withArm({ armLabel: label, arms }: Selection, vector: string): string {
  return (['stable', 'canary'] as const).reduce((inner, arm) => setArm(inner, arm, label, arms[arm]), vector);
}

function setArm(vector: string, arm: Arm, label: string, pattern: string): string {
  return `label_replace(${vector},"${armLabel}","${arm}","${label}",${JSON.stringify(pattern)})`;
}

function at(what: string, vector: string): string {
  return set(atLabel, what, vector);
}

/** The vector with a label more. */
export function set(label: string, value: string, vector: string): string {
  return `label_replace(${vector},"${label}","${value}","${label}",".*")`;
}
