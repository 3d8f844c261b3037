import { newestVerdicts, type RolloutEvent, type RolloutState } from '../../domain/rollout/state.ts';
import { choices } from './choices.ts';
import { verdictCells } from './criteria.ts';
import { judgedLines } from './judged.ts';
import { headline } from './headline.ts';
import { outcomeText } from './outcome.ts';
import type { Paint } from './paint.ts';
import { keepStanding, marked, phaseOf, standings } from './phases.ts';
import { guardLines, phaseTable, targetRows } from './plan-page.ts';
import { table } from './table.ts';
import { span } from '../../domain/rollout/span.ts';
import { moment, oneLine } from './words.ts';

/** How many events the page shows: the newest. */
const newest = 10;

/** `sluice status`: everything about one rollout on a page. */
export function statusPage(state: RolloutState, nowMs: number, paint: Paint): string {
  const { plan, events } = state;
  const standing = standings(state);
  const phases = phaseTable(
    plan,
    paint,
    (index) => marked(standing[index] ?? 'ahead', String(index + 1), paint),
    (text) => marked(keepStanding(plan, state) ?? 'ahead', text, paint),
  );
  return [
    `${paint.strong(plan.name)} ${summary(state, nowMs, paint)}\n`,
    table([...targetRows(plan, paint), ...originRows(state, nowMs, paint)]),
    section('Phases', phases, paint),
    section('Guards', plan.guards.length === 0 ? '' : guardLines(plan), paint),
    section('Judge', judgedLines(state, paint), paint),
    section('Verdicts', cells(newestVerdicts(state).map((verdict) => verdictCells(verdict, paint))), paint),
    section('Events', eventTable(events, paint), paint),
    section('You can', cells(choices(state).map(({ command, effect }) => [command, effect])), paint),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function summary(state: RolloutState, nowMs: number, paint: Paint): string {
  if (state.outcome !== null) return outcomeText(state.outcome, paint).trimEnd();
  const where = phaseOf(state);
  return paint.strong(`${headline(state, nowMs)}${where === null ? '' : ` (${where})`}`);
}

function originRows(
  { plan, startedAtMs, startedBy, rolloutId }: RolloutState,
  nowMs: number,
  paint: Paint,
): readonly (readonly string[])[] {
  const ago = span(nowMs - startedAtMs);
  return [
    [paint.faint('Version'), plan.release.version],
    [paint.faint('Started'), `${moment(startedAtMs)} by ${startedBy} (${ago} ago)`],
    [paint.faint('Run'), rolloutId],
  ];
}

function section(title: string, body: string, paint: Paint): string {
  return body === '' ? '' : `${paint.strong(title)}\n${body}`;
}

function cells(rows: readonly (readonly string[])[]): string {
  return table(rows, '  ');
}

function eventTable(events: readonly RolloutEvent[], paint: Paint): string {
  const shown = events.slice(-newest);
  const earlier = events.length - shown.length;
  const note = earlier > 0 ? paint.faint(`  (${earlier} earlier)\n`) : '';
  return note + cells(shown.map((event) => eventCells(event, paint)));
}

/** `2026-11-21 10:00:12Z  weight 10 %  (by anna)` */
export function eventCells({ atMs, what, by }: RolloutEvent, paint: Paint): readonly string[] {
  const who = by === null ? '' : ` ${paint.faint(`(by ${oneLine(by)})`)}`;
  return [paint.faint(moment(atMs)), `${oneLine(what)}${who}`];
}
