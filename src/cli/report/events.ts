import type { RolloutEvent, RolloutState } from '../../domain/rollout/state.ts';
import { moment, oneLine } from '../render/words.ts';
import { html, type Html } from './html.ts';
import type { StretchAxis } from './stretch-axis.ts';

/** What is worth a number in the plot: everything but the weights themselves, while the canary had traffic. */
export function marked({ stretches }: StretchAxis, { events }: RolloutState): RolloutEvent[] {
  const [fromMs, untilMs] = [stretches[0]?.fromMs ?? Infinity, stretches.at(-1)?.untilMs ?? -Infinity];
  return events.filter(({ atMs, what }) => atMs >= fromMs && atMs <= untilMs && !/^phase \d+: /.test(what));
}

/** All of them; those that are marked in the plot with their numbers. */
export function eventTable(axis: StretchAxis, state: RolloutState): Html {
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
