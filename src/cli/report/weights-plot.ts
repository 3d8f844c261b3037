import type { RolloutEvent } from '../../domain/rollout/state.ts';
import { percent } from '../render/words.ts';
import { plotFrame } from './plot-frame.ts';
import type { StretchAxis } from './stretch-axis.ts';
import { ink, renderSvg } from './svg.ts';

/** The canary's weight over time, with numbers where something happened. */
export function weightsPlot(axis: StretchAxis, marks: readonly RolloutEvent[]): string {
  const steps = axis.stretches.flatMap(({ weightPercent }, index) => [
    [index, weightPercent],
    [index + 1, weightPercent],
  ]);
  const said = axis.stretches.map(({ weightPercent }) => percent(weightPercent)).join(', then ');
  return renderSvg(
    {
      ...plotFrame(axis, percent, { max: 100, interval: 25 }),
      series: [
        {
          ...{ type: 'line', data: steps, showSymbol: false },
          lineStyle: { color: ink.canary, width: 2 },
          itemStyle: { color: ink.canary },
          areaStyle: { color: ink.canary, opacity: 0.15 },
          markLine: {
            symbol: 'none',
            lineStyle: { color: ink.faint, type: 'dotted' },
            // Within the picture, right of its line: above it are the weights.
            label: {
              color: ink.text,
              fontSize: 11,
              rotate: 0,
              position: 'end',
              distance: -12,
              align: 'left',
              padding: [0, 0, 0, 3],
            },
            data: grouped(axis, marks).map(({ x, numbers }) => {
              return {
                xAxis: x,
                label: { formatter: numbers.join(', ') },
              };
            }),
          },
        },
      ],
    },
    `Weight of the canary: ${said}`,
    200,
  );
}

/** Marks closer than this, in parts of a stretch, would be written over each other. */
const apart = 1 / 20;

function grouped(axis: StretchAxis, marks: readonly RolloutEvent[]) {
  const groups: { readonly x: number; readonly numbers: number[] }[] = [];
  for (const [index, { atMs }] of marks.entries()) {
    const x = axis.toX(atMs);
    const last = groups.at(-1);
    if (last !== undefined && x - last.x < apart) last.numbers.push(index + 1);
    else groups.push({ x, numbers: [index + 1] });
  }
  return groups;
}
