import type { Judged, RolloutState } from '../../domain/rollout/state.ts';
import { judgedRows } from '../render/judged.ts';
import { moment, percent } from '../render/words.ts';
import { html, type Html } from './html.ts';
import { verdictTable } from './tables.ts';

/** What the LLM judge said in each phase; nothing where the plan has none. */
export function judgeSection(state: RolloutState): Html {
  if (state.plan.judge === null && state.judged.length === 0) return html``;
  const parts =
    state.judged.length === 0
      ? html`<p>It has not answered.</p>`
      : html`${state.judged.map((it) => phasePart(state, it))}`;
  return html`<section>
    <h2>What the judge said</h2>
    ${parts}
  </section>`;
}

function phasePart({ plan }: RolloutState, judged: Judged): Html {
  const { phase, atMs, verdicts } = judged;
  const weight = plan.phases[phase]?.weightPercent ?? NaN;
  return html`<h3>Phase ${phase + 1}, ${percent(weight)}: ${moment(atMs)}</h3>
    ${verdictTable(verdicts)} ${pairsBar(judged)}
    <dl>
      ${judgedRows(judged, plan).map(
        ([what, text]) =>
          html`<dt>${what}</dt>
            <dd>${text}</dd>`,
      )}
    </dl>`;
}

/** How the pairs ended, as parts of one bar: at a glance, who wins more. */
function pairsBar({ answer }: Judged): Html {
  if (answer === null) return html``;
  const { wins, ties, losses } = answer.pairs;
  const all = wins + ties + losses;
  if (all === 0) return html``;
  const part = (name: string, count: number) =>
    count === 0
      ? html``
      : html`<span class="${name}" style="width: ${((count / all) * 100).toFixed(2)}%"
          >${count} ${name}</span
        >`;
  return html`<div class="pairs">${part('won', wins)}${part('tied', ties)}${part('lost', losses)}</div>`;
}
