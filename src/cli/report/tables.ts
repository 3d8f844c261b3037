import type { Verdict } from '../../domain/analysis/verdict.ts';
import { writtenIn } from '../../domain/analysis/wording.ts';
import { metricOf } from '../../domain/plan/metric-of.ts';
import type { Criterion } from '../../domain/plan/plan.ts';
import { span } from '../../domain/rollout/span.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import type { ArmPoint, MetricSeries } from '../../domain/series/series.ts';
import { gatesText, guardText } from '../render/criteria.ts';
import { keepStanding, marks, standings } from '../render/phases.ts';
import { moment, percent } from '../render/words.ts';
import { html, type Html } from './html.ts';

/** Each time that gates were asked, with what they said. */
export function judgementTables({ judgements, plan }: RolloutState): Html {
  if (judgements.length === 0) return html`<p>None was asked.</p>`;
  return html`${judgements.map(({ atMs, phase, verdicts }) => {
    const weight = plan.phases[phase]?.weightPercent ?? NaN;
    return html`<h3>Phase ${phase + 1}, ${percent(weight)}: ${moment(atMs)}</h3>
      ${verdictTable(verdicts)}`;
  })}`;
}

/** A row a verdict. */
export function verdictTable(verdicts: readonly Verdict[]): Html {
  const rows = verdicts.map(
    (it) =>
      html`<tr>
        <td class="${it.outcome}">${it.outcome}</td>
        <td>${it.metric}</td>
        <td>${it.sentence}</td>
      </tr>`,
  );
  return html`<table>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

export function phaseTable(state: RolloutState): Html {
  const { plan } = state;
  const standing = standings(state);
  const rows = plan.phases.map(({ weightPercent, bakeMs, gates }, index) => {
    const mark = marks[standing[index] ?? 'ahead'];
    return html`<tr>
      <td>${mark} ${index + 1}</td>
      <td>${percent(weightPercent)}</td>
      <td>${bakeMs === 0 ? '-' : span(bakeMs)}</td>
      <td>${gatesText(gates)}</td>
    </tr>`;
  });
  const kept = keepStanding(plan, state);
  const keep =
    kept === null
      ? html``
      : html`<tr>
          <td>${marks[kept]}</td>
          <td>${percent(plan.phases.at(-1)?.weightPercent ?? NaN)}</td>
          <td>${span(plan.keepOldMs)}</td>
          <td>the old release is kept warm</td>
        </tr>`;
  return html`<table>
      <thead>
        <tr>
          <th>Phase</th>
          <th>Weight</th>
          <th>Bake</th>
          <th>Gates</th>
        </tr>
      </thead>
      <tbody>
        ${rows}${keep}
      </tbody>
    </table>
    <p>Guards, every ${span(plan.guardIntervalMs)}:</p>
    <ul>
      ${plan.guards.map((it) => html`<li>${guardText(it)}</li>`)}
    </ul>`;
}

/** What a plot shows, as text. */
export function seriesTable({ points }: MetricSeries, criterion: Criterion): Html {
  const written = writtenIn(metricOf(criterion), 'value');
  const cell = (arm: ArmPoint | null) => {
    if (arm === null)
      return html`<td>-</td>
        <td></td>`;
    // Nobody counted: the value is all there is.
    if (arm.samples === 0)
      return html`<td>${written(arm.value)}</td>
        <td></td>`;
    const high = arm.high === null ? '?' : written(arm.high);
    return html`<td>${written(arm.value)} <span class="range">(${written(arm.low)} to ${high})</span></td>
      <td>${Math.round(arm.samples)}</td>`;
  };
  const rows = points.map(
    (it) =>
      html`<tr>
        <td>${moment(it.atMs)}</td>
        ${cell(it.canary)}${cell(it.stable)}
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th>Around</th>
        <th>Canary</th>
        <th>of</th>
        <th>Stable</th>
        <th>of</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
