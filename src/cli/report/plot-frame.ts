import { span } from '../../domain/rollout/span.ts';
import { percent } from '../render/words.ts';
import type { StretchAxis } from './stretch-axis.ts';
import { ink, type PlotOption } from './svg.ts';

/** What all plots of a report share: the axis of time with its stretches, and the colours. */
export function plotFrame(
  axis: StretchAxis,
  written: (value: number) => string,
  scale: { readonly min?: number; readonly max?: number; readonly interval?: number } = {},
): Pick<PlotOption, 'grid' | 'xAxis' | 'yAxis' | 'textStyle'> {
  const { stretches } = axis;
  const label = { color: ink.faint, fontSize: 11 };
  const line = { lineStyle: { color: ink.grid } };
  return {
    textStyle: { fontFamily: 'inherit', color: ink.text },
    grid: { left: 64, right: 24, top: 28, bottom: 24 },
    xAxis: [
      {
        ...{ type: 'value', min: 0, max: stretches.length, interval: 1 },
        axisLabel: { ...label, formatter: (edge: number) => clock(axis.timeOf(edge)) },
        splitLine: line,
        axisLine: line,
      },
      {
        ...{ type: 'category', position: 'top', data: stretches.map(stretchText) },
        axisLabel: { ...label, interval: 0 },
        axisTick: { show: false },
        axisLine: { show: false },
      },
    ],
    yAxis: {
      ...{ type: 'value', min: 0 },
      ...scale,
      // The end of a scale of its own need not lie on a step.
      axisLabel: {
        ...label,
        showMaxLabel: scale.interval !== undefined,
        formatter: (value: number) => written(value),
      },
      splitLine: line,
      splitNumber: 4,
    },
  };
}

function stretchText({ weightPercent, fromMs, untilMs }: StretchAxis['stretches'][number]): string {
  return `${percent(weightPercent)}, ${span(untilMs - fromMs)}`;
}

/** `14:05:12`, UTC */
function clock(atMs: number | null): string {
  return atMs === null ? '' : new Date(atMs).toISOString().slice(11, 19);
}
