import { aboutMetric, isValue, type MetricName } from '../metrics/metrics.ts';
import { boundOf, type Bound } from '../plan/limit.ts';
import { metricOf } from '../plan/metric-of.ts';
import type { Criterion } from '../plan/plan.ts';

/** A share as people write it: 0.023 is `2.3 %`. */
export function percent(share: number, beside?: number): string {
  return `${digits(share * 100, beside === undefined ? undefined : beside * 100)} %`;
}

/** A time as people write it: `180 ms` below ten seconds, else `12.5 s`. */
export function duration(seconds: number): string {
  return seconds < 10 ? `${digits(seconds * 1000)} ms` : `${digits(seconds)} s`;
}

/** How many times something is something else: `3.4 x`. */
export function times(ratio: number, beside?: number): string {
  return `${digits(ratio, beside)} x`;
}

/**
 * At most two significant digits, whole numbers whole. Next to a limit it takes as many as tell the two apart, so that
 * no sentence says "1 %, limit < 1 %" of a value that is below.
 */
export function digits(value: number, beside?: number): string {
  for (let precision = 2; precision < 12; precision += 1) {
    const text = written(value, precision);
    if (beside === undefined || value === beside || text !== written(beside, precision)) return text;
  }
  return String(value);
}

function written(value: number, precision: number): string {
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  return String(Number(value.toPrecision(Math.max(precision, whole))));
}

/** `error rate`, `p95 time to first token` */
export function wordsOf(criterion: Criterion): string {
  const { title } = aboutMetric(metricOf(criterion));
  return 'quantile' in criterion ? `p${criterion.quantile * 100} ${title}` : title;
}

/** How a number is written that is held against such a limit of a metric. */
export function writtenIn(metric: MetricName, of: Bound['of']): (value: number, beside?: number) => string {
  if (of === 'ratio') return times;
  const about = aboutMetric(metric);
  if (about.kind === 'share' || (about.kind === 'value' && about.unit === 'share')) return percent;
  return about.kind === 'size' && about.unit === 'seconds' ? duration : digits;
}

/** What a metric's samples are: of shares what they are shares of; null of values. */
export function countedIn(metric: MetricName): 'requests' | 'ratings' | null {
  if (isValue(metric)) return null;
  return metric === 'user-satisfaction' ? 'ratings' : 'requests';
}

/** `error-rate`, `ttft p95`, `custom/quality`: which metric a verdict is about. */
export function nameOf(criterion: Criterion): string {
  const metric = metricOf(criterion);
  return 'quantile' in criterion ? `${metric} p${criterion.quantile * 100}` : metric;
}

/** `< 0.1 %`, `< 2 x stable`, `< stable + 50 ms`, `> stable - 2 %` */
export function limitText(criterion: Criterion): string {
  const { of, side, limit } = boundOf(criterion);
  const written = writtenIn(metricOf(criterion), of);
  const sign = signs[side];
  if (of === 'difference') return `${sign} stable ${limit < 0 ? '-' : '+'} ${written(Math.abs(limit))}`;
  return of === 'ratio' ? `${sign} ${written(limit)} stable` : `${sign} ${written(limit)}`;
}

/** Where a value must stay. */
export const signs = { below: '<', above: '>' } as const satisfies Record<Bound['side'], string>;
