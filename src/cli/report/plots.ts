import { nameOf } from '../../domain/analysis/wording.ts';
import { criteriaOf } from '../../domain/plan/criteria-of.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { marked } from './events.ts';
import { html, Html } from './html.ts';
import { metricPlot } from './metric-plot.ts';
import type { Report } from './report.ts';
import type { StretchAxis } from './stretch-axis.ts';
import { seriesTable } from './tables.ts';
import { weightsPlot } from './weights-plot.ts';

/** The weight, and each metric below it on the same axis. */
export function plots(axis: StretchAxis, report: Report): Html {
  if (axis.stretches.length === 0)
    return html`<section>
      <h2>Weight</h2>
      <p>The canary never had any traffic.</p>
    </section>`;
  return html`${weights(axis, report.state)} ${metrics(axis, report)}`;
}

function weights(axis: StretchAxis, state: RolloutState): Html {
  const picture = new Html(weightsPlot(axis, marked(axis, state)));
  return html`<section>
    <h2>Weight</h2>
    <p class="note">
      Each weight is as wide as any other, however long it lasted. Numbers: what happened, below.
    </p>
    <figure>${picture}</figure>
  </section>`;
}

function metrics(axis: StretchAxis, { state, series }: Report): Html {
  if (series.kind === 'unknown')
    return html`<section>
      <h2>Metrics</h2>
      <p>Nobody can tell any more: ${series.why}</p>
    </section>`;
  const criteria = criteriaOf(state.plan);
  const figures = series.series.map((it) => {
    const own = criteria.filter((criterion) => nameOf(criterion) === it.name);
    const [first] = own;
    if (first === undefined) return html``;
    return html`<figure>
      <figcaption>${it.name}</figcaption>
      ${new Html(metricPlot(axis, it, own))}
      <details>
        <summary>Numbers</summary>
        ${seriesTable(it, first)}
      </details>
    </figure>`;
  });
  return html`<section>
    <h2>Metrics</h2>
    <p class="legend">
      <span class="canary">canary, with its 95 % interval</span> <span class="stable">stable</span>
      <span class="limit">limits</span>
    </p>
    ${figures}
  </section>`;
}
