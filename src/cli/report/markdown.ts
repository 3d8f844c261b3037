import { nameOf, writtenIn } from '../../domain/analysis/wording.ts';
import { metricOf } from '../../domain/plan/metric-of.ts';
import { measuredCriteria, type ArmPoint } from '../../domain/series/series.ts';
import { stretchesOf } from '../../domain/series/stretches.ts';
import { folded, markdownTable, plainText } from '../render/markdown.ts';
import { summaryPage } from '../render/summary.ts';
import { percent } from '../render/words.ts';
import { blank, endedSummary } from '../summary/summary.ts';
import type { Report } from './report.ts';

/** For the page of a CI job or a pull request: the summary that CI shows, and both arms' metrics. */
export function reportMarkdown(report: Report): string {
  const { rollout, state, url, madeAtMs, cutOff } = report;
  const standing =
    state.outcome !== null
      ? endedSummary(state.outcome)
      : cutOff !== null
        ? { standing: 'cutOff' as const, sentence: cutOff }
        : { standing: 'running' as const, sentence: 'so far' };
  const known = { rollout, runId: state.rolloutId, url, plan: state.plan, state };
  return [summaryPage({ ...blank, ...known, ...standing }, madeAtMs), metricTable(report)].join('\n');
}

/** The canary's last numbers at each weight, and stable's beside them. */
function metricTable({ state, series, madeAtMs }: Report): string {
  if (series.kind === 'unknown') return `Metrics: nobody can tell any more: ${plainText(series.why)}\n`;
  const stretches = stretchesOf(state, madeAtMs);
  const criteria = new Map(measuredCriteria(state.plan).map((it) => [nameOf(it), it]));
  const rows = series.series.map(({ name, points }) => {
    const criterion = criteria.get(name);
    const cells = stretches.map(({ fromMs, untilMs }) => {
      const last = points.findLast(({ atMs }) => atMs >= fromMs && atMs <= untilMs);
      if (criterion === undefined || last === undefined) return '-';
      const written = writtenIn(metricOf(criterion), 'value');
      const arm = (it: ArmPoint | null) => (it === null ? '-' : written(it.value));
      return `${arm(last.canary)} / ${arm(last.stable)}`;
    });
    return [name, ...cells];
  });
  if (rows.length === 0 || stretches.length === 0) return '';
  const head = ['canary / stable', ...stretches.map((it) => percent(it.weightPercent))];
  return folded('Metrics at the end of each weight', markdownTable(head, rows));
}
