import { nameOf } from '../../domain/analysis/wording.ts';
import type { RolloutEvent, RolloutState } from '../../domain/rollout/state.ts';
import { stretchesOf } from '../../domain/series/stretches.ts';
import { span } from '../../domain/rollout/span.ts';
import { moment, oneLine, percent } from '../render/words.ts';
import { nameText } from '../rollouts/name.ts';
import { html, Html } from './html.ts';
import { judgementTables, phaseTable, seriesTable } from './tables.ts';
import { metricPlot } from './metric-plot.ts';
import type { Report } from './report.ts';
import { StretchAxis } from './stretch-axis.ts';
import { style } from './style.ts';
import { weightsPlot } from './weights-plot.ts';

const verdicts = {
  promoted: { word: 'Promoted', mark: '✓', kind: 'good' },
  rolledBack: { word: 'Rolled back', mark: '✗', kind: 'bad' },
  failed: { word: 'Needs a person', mark: '!', kind: 'bad' },
} as const;

/** One page that needs nothing but itself: no script, nothing that is loaded from elsewhere. */
export function reportPage(report: Report): string {
  const { rollout, state, madeAtMs } = report;
  const { plan } = state;
  const axis = new StretchAxis(stretchesOf(state, madeAtMs));
  const title = `${plan.name} to ${plan.release.version}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="generator" content="sluice report" />
        <title>${title}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <p class="where">${nameText(rollout)}</p>
            <h1>${title}</h1>
            ${verdict(report)} ${facts(report)}
          </header>
          ${leftToDo(state)} ${weights(axis, state)} ${metrics(axis, report)}
          <section>
            <h2>What gates said</h2>
            ${judgementTables(state)}
          </section>
          <section>
            <h2>What happened</h2>
            ${eventTable(axis, state)}
          </section>
          <section>
            <h2>The plan</h2>
            ${phaseTable(state)}
          </section>
        </main>
      </body>
    </html> `;
  return page.text;
}

function verdict({ state, cutOff }: Report): Html {
  const { outcome, weightPercent, plan } = state;
  if (cutOff !== null)
    return html`<p class="verdict bad">
      <strong>! Ended without an outcome</strong> ${oneLine(cutOff)}: nobody rolled anything back
    </p>`;
  if (outcome === null)
    return html`<p class="verdict open">
      <strong>▶ Goes on</strong> ${percent(weightPercent)} on ${plan.release.version}
    </p>`;
  const { word, mark, kind } = verdicts[outcome.status];
  const told = oneLine(outcome.sentence);
  const more = outcome.evidence.filter((it) => !told.includes(oneLine(it.sentence)));
  const evidence = more.map((it) => html`<li>${it.outcome}: ${it.sentence}</li>`);
  return html`<p class="verdict ${kind}"><strong>${mark} ${word}</strong> ${told}</p>
    ${
      evidence.length === 0
        ? ''
        : html`<ul>
            ${evidence}
          </ul>`
    }`;
}

function facts({ state, madeAtMs, url }: Report): Html {
  const { plan, startedAtMs, startedBy, outcome, events, rolloutId } = state;
  const { workload, service, router } = plan.target;
  const endMs = outcome === null ? null : (events.at(-1)?.atMs ?? null);
  const rows: [string, string | Html][] = [
    ['Started', `${moment(startedAtMs)} by ${oneLine(startedBy)}`],
    ...(endMs === null
      ? []
      : [['Ended', `${moment(endMs)}, after ${span(endMs - startedAtMs)}`] satisfies [string, string]]),
    ['Target', `${workload.kind} ${workload.name}, Service ${service.name}, ${router.kind} ${router.name}`],
    ['Run', url === null ? rolloutId : html`<a href="${url}">${rolloutId}</a>`],
    ['Report made', moment(madeAtMs)],
  ];
  return html`<dl>
    ${rows.map(
      ([what, value]) =>
        html`<dt>${what}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function leftToDo({ outcome }: RolloutState): Html {
  const tasks = outcome?.leftToDo ?? [];
  if (tasks.length === 0) return html``;
  return html`<section class="todo">
    <h2>Left to do</h2>
    <ul>
      ${tasks.map((it) => html`<li>${it}</li>`)}
    </ul>
  </section>`;
}

function weights(axis: StretchAxis, state: RolloutState): Html {
  if (axis.stretches.length === 0)
    return html`<section>
      <h2>Weight</h2>
      <p>The canary never had any traffic.</p>
    </section>`;
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
  if (axis.stretches.length === 0) return html``;
  if (series.kind === 'unknown')
    return html`<section>
      <h2>Metrics</h2>
      <p>Nobody can tell any more: ${series.why}</p>
    </section>`;
  const criteria = allCriteria(state);
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

function allCriteria({ plan }: RolloutState) {
  return [...plan.guards, ...plan.phases.flatMap((it) => it.gates)].map((it) => it.criterion);
}

/** What is worth a number in the plot: everything but the weights themselves, while the canary had traffic. */
function marked({ stretches }: StretchAxis, { events }: RolloutState): RolloutEvent[] {
  const [fromMs, untilMs] = [stretches[0]?.fromMs ?? Infinity, stretches.at(-1)?.untilMs ?? -Infinity];
  return events.filter(({ atMs, what }) => atMs >= fromMs && atMs <= untilMs && !/^phase \d+: /.test(what));
}

function eventTable(axis: StretchAxis, state: RolloutState): Html {
  const numbers = new Map(marked(axis, state).map((it, index) => [it, String(index + 1)]));
  const rows = state.events.map(
    (it) =>
      html`<tr>
        <td>${numbers.get(it) ?? ''}</td>
        <td>${moment(it.atMs)}</td>
        <td>${oneLine(it.what)}</td>
        <td>${it.by ?? ''}</td>
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th></th>
        <th>When</th>
        <th>What</th>
        <th>Who</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
