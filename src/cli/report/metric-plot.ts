import { nameOf, writtenIn } from '../../domain/analysis/wording.ts';
import { boundOf } from '../../domain/plan/limit.ts';
import { metricOf } from '../../domain/plan/metric-of.ts';
import type { Criterion } from '../../domain/plan/plan.ts';
import type { ArmPoint, MetricSeries, SeriesPoint } from '../../domain/series/series.ts';
import { plotFrame } from './plot-frame.ts';
import type { StretchAxis } from './stretch-axis.ts';
import { ink, renderSvg } from './svg.ts';

type Point = [x: number, y: number | null];

/**
 * Both arms beside each other, the canary with its 95 % interval, and the limits that the plan has for it.
 * @param criteria of this metric; limits that are equal are drawn once.
 */
export function metricPlot(
  axis: StretchAxis,
  { points }: MetricSeries,
  criteria: readonly Criterion[],
): string {
  const [first] = criteria;
  if (first === undefined) throw new RangeError('a metric is in a plan since a criterion names it');
  const written = writtenIn(metricOf(first), 'value');
  const along = (value: (point: SeriesPoint) => number | null): Point[] =>
    points.map((it) => [axis.toX(it.atMs), value(it)]);
  const high = ({ canary }: SeriesPoint) => canary?.high ?? null;
  const limits = [...new Map(criteria.map((it) => [JSON.stringify(boundOf(it)), it])).values()];
  const plain = { type: 'line', showSymbol: false } as const;
  const line = (color: string, width: number) => {
    return { ...plain, lineStyle: { color, width }, itemStyle: { color } };
  };
  const option = {
    ...plotFrame(axis, written, scaleOf(points, limits)),
    series: [
      { ...line('none', 0), data: along(({ canary }) => canary?.low ?? null), stack: 'interval' },
      {
        ...line('none', 0),
        data: along((it) => widthOf(it.canary, high(it))),
        ...{ stack: 'interval', areaStyle: { color: ink.canary, opacity: 0.15 } },
      },
      ...limits.map((it) => ({
        ...plain,
        data: along((point) => limitAt(it, point)),
        lineStyle: { color: ink.limit, width: 1, type: 'dashed' as const },
        itemStyle: { color: ink.limit },
      })),
      {
        ...line(ink.stable, 1.5),
        showSymbol: points.length < 8,
        data: along(({ stable }) => stable?.value ?? null),
      },
      {
        ...line(ink.canary, 2),
        showSymbol: points.length < 8,
        data: along(({ canary }) => canary?.value ?? null),
      },
    ],
  };
  return renderSvg(option, `${nameOf(first)} of stable and canary over time`, 190);
}

/**
 * So that lines and limits are seen: where there are few requests, the interval reaches far beyond. From 0, but for values
 * that are below it.
 */
function scaleOf(points: readonly SeriesPoint[], limits: readonly Criterion[]): { min: number; max: number } {
  const drawn = points.flatMap((point) => [
    ...[point.canary, point.stable].map((it) => it?.value ?? 0),
    ...limits.map((it) => limitAt(it, point) ?? 0),
  ]);
  const [min, max] = [-roundedUp(-Math.min(0, ...drawn)), roundedUp(Math.max(0, ...drawn))];
  return { min: min === 0 ? 0 : min, max: min === 0 && max === 0 ? 1 : max };
}

function roundedUp(end: number): number {
  if (end === 0) return 0;
  const top = 1.25 * end;
  // Up to the next half of its leading digit, so that the axis ends in a number that people read.
  const unit = 10 ** Math.floor(Math.log10(top)) / 2;
  return Number((Math.ceil(top / unit) * unit).toPrecision(2));
}

function widthOf(canary: ArmPoint | null, high: number | null): number | null {
  return canary === null || high === null ? null : high - canary.low;
}

/** Where the canary's value would break the limit; null where there is nothing of stable to compare with. */
function limitAt(criterion: Criterion, { stable }: SeriesPoint): number | null {
  const { of, limit } = boundOf(criterion);
  if (of === 'value') return limit;
  if (stable === null) return null;
  return of === 'ratio' ? stable.value * limit : stable.value + limit;
}
