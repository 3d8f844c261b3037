import { LineChart, type LineSeriesOption } from 'echarts/charts';
import { GridComponent, MarkLineComponent, type GridComponentOption } from 'echarts/components';
import { init, use, type ComposeOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escape } from './html.ts';

use([LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

export type PlotOption = ComposeOption<LineSeriesOption | GridComponentOption>;

/** Of the page; the plots are drawn with the variables of its style, so that they follow dark mode and print. */
export const ink = {
  text: 'var(--text)',
  faint: 'var(--faint)',
  grid: 'var(--grid)',
  stable: 'var(--stable)',
  canary: 'var(--canary)',
  limit: 'var(--limit)',
} as const;

const width = 860;

/**
 * A picture as the text of an `<svg>` element.
 * @param label what it shows, for whoever does not see it.
 * @param height in CSS pixels; it is as wide as the page.
 */
export function renderSvg(option: PlotOption, label: string, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, ...option });
    const svg = chart.renderToSVGString({ useViewBox: true });
    return svg.replace('<svg ', `<svg role="img" aria-label="${escape(label)}" `);
  } finally {
    // It would keep the process alive.
    chart.dispose();
  }
}
