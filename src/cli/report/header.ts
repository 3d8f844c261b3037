import { span } from '../../domain/rollout/span.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { moment, oneLine, percent } from '../render/words.ts';
import { nameText } from '../rollouts/name.ts';
import { html, type Html } from './html.ts';
import type { Report } from './report.ts';

const verdicts = {
  promoted: { word: 'Promoted', mark: '✓', kind: 'good' },
  rolledBack: { word: 'Rolled back', mark: '✗', kind: 'bad' },
  failed: { word: 'Needs a person', mark: '!', kind: 'bad' },
} as const;

/** How it ended, first of all; then what it was, and what is left to do. */
export function header(report: Report): Html {
  const { plan } = report.state;
  return html`<header>
      <p class="where">${nameText(report.rollout)}</p>
      <h1>${plan.name} to ${plan.release.version}</h1>
      ${verdict(report)} ${facts(report)}
    </header>
    ${leftToDo(report.state)}`;
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
