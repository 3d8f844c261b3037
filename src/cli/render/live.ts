import { choices } from './choices.ts';
import { verdictCells } from './criteria.ts';
import { headline } from './headline.ts';
import type { Paint } from './paint.ts';
import { phaseBar, presentPhase } from './phases.ts';
import { eventCells } from './status-page.ts';
import { cut, table } from './table.ts';
import type { View } from '../watch/follow.ts';
import { silenceText } from '../watch/silence.ts';
import { newestVerdicts, type RolloutState } from '../../domain/rollout/state.ts';

/** How many of the newest events are shown. */
const newest = 5;
const barWidth = 30;

/** The few lines that a terminal redraws while somebody watches, each at most `columns` wide. */
export function liveLines(view: View, columns: number, paint: Paint): readonly string[] {
  const { state, silence, nowMs } = view;
  const quiet = silence === null ? [] : [paint.warn(silenceText(silence, nowMs))];
  const lines = state === null ? ['waiting for the first answer'] : stateLines(state, nowMs, paint);
  return [...lines, ...quiet].map((line) => cut(line, columns));
}

function stateLines(state: RolloutState, nowMs: number, paint: Paint): readonly string[] {
  const { plan, events } = state;
  const progress = bakeProgress(state, nowMs);
  const bar = progress === null ? '' : `  ${progressBar(progress, paint)}`;
  const way = choices(state).find(({ command }) => command.startsWith('sluice abort'));
  return [
    `${paint.strong(plan.name)} ${plan.release.version}  ${phaseBar(state, paint)}`,
    `${paint.strong(headline(state, nowMs))}${bar}`,
    ...rows(
      table(
        newestVerdicts(state).map((verdict) => verdictCells(verdict, paint)),
        '  ',
      ),
    ),
    ...rows(
      table(
        events.slice(-newest).map((event) => eventCells(event, paint)),
        '  ',
      ),
    ),
    ...(way === undefined
      ? []
      : [paint.faint(`Ctrl-C ends watching, not the rollout; roll back: ${way.command}`)]),
  ];
}

function rows(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** 0 to 1; null when nothing bakes. */
export function bakeProgress(state: RolloutState, nowMs: number): number | null {
  const bakeMs = presentPhase(state)?.bakeMs ?? 0;
  if (state.status !== 'baking' || state.endsAtMs === null || bakeMs === 0) return null;
  return Math.min(1, Math.max(0, 1 - (state.endsAtMs - nowMs) / bakeMs));
}

function progressBar(share: number, paint: Paint): string {
  const full = Math.round(share * barWidth);
  return paint.good('█'.repeat(full)) + paint.faint('░'.repeat(barWidth - full));
}

/** Goes back over the lines that were drawn before, and draws these. */
export function redraw(linesBefore: number, lines: readonly string[]): string {
  const back = linesBefore === 0 ? '' : `\u001b[${linesBefore}A\u001b[0J`;
  return back + lines.map((line) => `${line}\n`).join('');
}
