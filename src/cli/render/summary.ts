import type { Plan } from '../../domain/plan/plan.ts';
import type { RolloutEvent, RolloutState } from '../../domain/rollout/state.ts';
import { nameText, placeFlags, workflowIdOfRollout } from '../rollouts/name.ts';
import type { Standing, Summary } from '../summary/summary.ts';
import { gatesText, verdictCells } from './criteria.ts';
import { folded, markdownTable, plainText } from './markdown.ts';
import { paintFor } from './paint.ts';
import { keepStanding, marks, type PhaseStanding, planStandings } from './phases.ts';
import { span } from '../../domain/rollout/span.ts';
import { moment, percent } from './words.ts';

/** The newest so many; GitHub shows at most 1 MiB a step. */
const mostEvents = 100;

const words: Record<Standing, string> = {
  promoted: '✓ promoted',
  rolledBack: '✗ rolled back',
  failed: '✗ needs a person',
  cutOff: '✗ ended without an outcome',
  running: '▶ goes on',
  notStarted: '✗ not started',
  unknown: '? not known',
};

/**
 * The page that a CI job shows of its rollout, as Markdown.
 * @param nowMs when it is written.
 */
export function summaryPage(summary: Summary, nowMs: number): string {
  const { state, outcome } = summary;
  const events = state?.events ?? [];
  const parts = [
    `## ${title(summary)}\n`,
    sentences(summary),
    leftToDo(outcome?.leftToDo ?? []),
    markdownTable(['', ''], facts(summary, nowMs)),
    phaseTable(summary),
    section('Verdicts', verdictTable(summary)),
    folded(`Events (${events.length})`, eventTable(events)),
    ways(summary),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function title({ rollout, plan }: Summary): string {
  if (rollout === null) return 'Rollout';
  const version = plan === null ? '' : ` to ${plainText(plan.release.version)}`;
  return `${plainText(rollout.name)}${version}`;
}

/** What stands on lines of its own, as the problems of a file do, becomes a list. */
function sentences({ standing, sentence }: Summary): string {
  const [first = '', ...more] = sentence.split('\n');
  const list = more.map((line) => `- ${plainText(line)}\n`).join('');
  return `${words[standing]}: ${plainText(first)}\n${list === '' ? '' : `\n${list}`}`;
}

function facts({ rollout, state, standing, url }: Summary, nowMs: number): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  if (rollout !== null) rows.push(['Rollout', plainText(nameText(rollout))]);
  if (state !== null) {
    const { startedAtMs, startedBy, weightPercent, events, plan } = state;
    const endedAtMs = state.outcome === null ? null : (events.at(-1)?.atMs ?? null);
    rows.push(['Started', `${moment(startedAtMs)} by ${plainText(startedBy)}`]);
    if (endedAtMs !== null)
      rows.push(['Ended', `${moment(endedAtMs)}, after ${span(endedAtMs - startedAtMs)}`]);
    if (standing !== 'promoted')
      rows.push(['Weight', `${percent(weightPercent)} on ${plainText(plan.release.version)}`]);
  }
  if (standing === 'running' || standing === 'unknown') rows.push(['As of', moment(nowMs)]);
  if (rollout !== null && url !== null)
    rows.push(['Temporal', `[${plainText(workflowIdOfRollout(rollout))}](<${url}>)`]);
  return rows;
}

const phaseWords: Record<PhaseStanding, string> = {
  done: 'done',
  now: 'under way',
  stopped: 'stopped here',
  ahead: 'not begun',
};

function phaseTable({ state, plan }: Summary): string {
  const known = state?.plan ?? plan;
  if (known === null) return '';
  const standings = planStandings(known, state);
  const rows = known.phases.map(({ weightPercent, bakeMs, gates }, index) => {
    const standing = standings[index] ?? 'ahead';
    return [
      String(index + 1),
      percent(weightPercent),
      bakeMs === 0 ? '-' : span(bakeMs),
      plainText(gatesText(gates)),
      `${marks[standing]} ${phaseWords[standing]}`,
    ];
  });
  return markdownTable(['Phase', 'Weight', 'Bake', 'Gates', ''], [...rows, ...keepRow(known, state)]);
}

/** The time after the last phase, with the old release kept warm. */
function keepRow(plan: Plan, state: RolloutState | null): readonly (readonly string[])[] {
  const standing = keepStanding(plan, state);
  if (standing === null) return [];
  const weight = percent(plan.phases.at(-1)?.weightPercent ?? NaN);
  const words = `${marks[standing]} ${phaseWords[standing]}`;
  return [['old release kept', weight, span(plan.keepOldMs), '-', words]];
}

/** Those that decided; else the newest. */
function verdictTable({ state, outcome }: Summary): string {
  const decisive = outcome?.evidence ?? [];
  const shown = decisive.length > 0 ? decisive : (state?.verdicts ?? []);
  const plain = paintFor(false);
  return markdownTable(
    ['Verdict', 'Metric', ''],
    shown.map((verdict) => verdictCells(verdict, plain).map(plainText)),
  );
}

function eventTable(events: readonly RolloutEvent[]): string {
  const rows = events
    .slice(-mostEvents)
    .map(({ atMs, what, by }) => [moment(atMs), plainText(what), plainText(by ?? '')]);
  return markdownTable(['When', 'What', 'Who'], rows);
}

function leftToDo(tasks: readonly string[]): string {
  return section('Left to do', tasks.map((task) => `- ${plainText(task)}\n`).join(''));
}

/** What a person can do about a rollout that may still run. */
function ways({ standing, rollout }: Summary): string {
  if (rollout === null || (standing !== 'running' && standing !== 'unknown')) return '';
  const where = `${rollout.name}${placeFlags(rollout)}`;
  return `Look: \`sluice status ${where}\`. Roll back: \`sluice abort ${where}\`.\n`;
}

function section(heading: string, body: string): string {
  return body === '' ? '' : `### ${heading}\n\n${body}`;
}
