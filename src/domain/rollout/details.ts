import { limitText, nameOf } from '../analysis/wording.ts';
import { isValue } from '../metrics/metrics.ts';
import { metricOf } from '../plan/metric-of.ts';
import type { GuardPlan } from '../plan/plan.ts';
import { markdownList, markdownTable, plainMarkdown } from './markdown.ts';
import { span } from './span.ts';
import { newestVerdicts, type RolloutEvent, type RolloutState, type RolloutStatus } from './state.ts';

/** How many events are shown: the newest. */
const newest = 5;

/**
 * The state as Markdown, for the current details in Temporal's UI: where is it, why, how is it stopped. It is rendered
 * when something changes and then stays as it is, so it tells when a bake ends, not how long it still takes; and what
 * guards saw last is in the heartbeats of their activity, so it tells where to look.
 * @param state what the `status` query answers.
 */
export function renderDetails(state: RolloutState): string {
  const { plan, outcome } = state;
  const parts = [
    `### ${headline(state)}`,
    `**${plan.name}** to **${plan.release.version}**, namespace ${plan.target.namespace}, cluster ${plan.target.cluster}`,
    reason(state),
    outcome === null
      ? ''
      : markdownList(outcome.leftToDo.map((it) => `**left to do:** ${plainMarkdown(it)}`)),
    orders(state),
    phaseTable(state),
    guards(state),
    judge(state),
    gates(state),
    `**Last events**\n\n${markdownList(state.events.slice(-newest).toReversed().map(eventText))}`,
  ];
  return parts.filter((it) => it !== '').join('\n\n');
}

function headline(state: RolloutState): string {
  const { status, plan, phase, weightPercent } = state;
  const at = phase === null ? '' : `Phase ${phase + 1} of ${plan.phases.length}: `;
  const goal = phase === null ? undefined : plan.phases[phase];
  switch (status) {
    case 'preparing':
      return 'Preparing: no traffic on the canary yet';
    case 'awaitingApproval':
      return `Waits for a person, ${weightPercent} % on the canary`;
    case 'shifting':
      return `${at}shifting from ${weightPercent} % to ${goal?.weightPercent ?? weightPercent} %`;
    case 'baking':
      return `${at}baking at ${weightPercent} %${until(state)}`;
    case 'gating':
      return `${at}asking the gates at ${weightPercent} %`;
    case 'judging':
      return `${at}waiting for the judge at ${weightPercent} %`;
    case 'holding':
      return `${at}holding at ${weightPercent} %`;
    case 'keepingOld':
      return `All ${plan.phases.length} phases done: ${weightPercent} % on the canary, the old version kept warm${until(state)}`;
    case 'finishing':
      return `Finishing: ${plan.release.version} becomes stable`;
    case 'rollingBack':
      return weightPercent === 0
        ? 'Rolling back: all traffic is on stable, the canary goes'
        : `Rolling back: ${weightPercent} % still on the canary`;
    case 'promoted':
      return 'Promoted';
    case 'rolledBack':
      return 'Rolled back: all traffic is on stable';
    case 'failed':
      return `Failed: a person is needed${weightPercent === 0 ? '' : `, ${weightPercent} % still on the canary`}`;
  }
}

/** Why it stands where it stands, and what comes if nobody does anything. */
function reason(state: RolloutState): string {
  const { outcome, holdReason, events } = state;
  if (outcome !== null) return `**Why (${outcome.reason}):** ${plainMarkdown(outcome.sentence)}`;
  if (state.status === 'rollingBack') {
    const said = events.findLast((it) => it.what.startsWith('rolling back: '));
    return said === undefined ? '' : `**Why:** ${plainMarkdown(said.what.slice('rolling back: '.length))}`;
  }
  if (holdReason === null) return '';
  const again = heldByGates(state)
    ? '\n\nThe gates are asked again all the time: tab *Pending Activities*, `awaitGates`, *Heartbeat Details*.'
    : '';
  const limit = state.endsAtMs === null ? '' : `\n\nRolls back by itself at ${moment(state.endsAtMs)}.`;
  return `**Why:** ${plainMarkdown(holdReason)}${again}${limit}`;
}

/** Then `resume` is refused: a person can only take it on, or abort. */
function heldByGates(state: RolloutState): boolean {
  const { status, holdReason } = state;
  return status === 'holding' && newestVerdicts(state).some((it) => holdReason?.includes(it.sentence));
}

function until({ endsAtMs }: RolloutState): string {
  return endsAtMs === null ? '' : ` until ${moment(endsAtMs)}`;
}

function phaseTable(state: RolloutState): string {
  const rows = state.plan.phases.map(({ weightPercent, bakeMs }, index) => [
    String(index + 1),
    `${weightPercent} %`,
    span(bakeMs),
    placeOf(state, index),
  ]);
  return markdownTable(['phase', 'weight', 'bake', ''], rows);
}

function placeOf({ phase, status, outcome, events }: RolloutState, index: number): string {
  if (status === 'promoted' || status === 'keepingOld' || status === 'finishing') return 'done';
  // Before the first phase and after the last one none is under way; only the events tell which of both it is.
  if (phase === null) return events.some(({ what }) => /^phase \d+: /.test(what)) ? 'done' : '';
  if (index < phase) return 'done';
  if (index > phase) return index === phase + 1 && status === 'awaitingApproval' ? '**next**' : '';
  if (status === 'awaitingApproval') return 'done';
  return outcome !== null || status === 'rollingBack' ? '**stopped here**' : '**now**';
}

/** They watch while the canary has traffic that could be taken back. */
function guards({ plan, status, weightPercent, outcome }: RolloutState): string {
  const watching = weightPercent > 0 && status !== 'rollingBack' && outcome === null;
  if (!watching || plan.guards.length === 0) return '';
  const rows = plan.guards.map((guard) => [
    nameOf(guard.criterion),
    limitText(guard.criterion),
    `${breachOf(guard)}${guard.sustainedForMs === 0 ? '' : `, for ${span(guard.sustainedForMs)}`}`,
  ]);
  const where =
    'Last value and verdict of each guard: tab *Pending Activities*, `watchGuards`, *Heartbeat Details*.';
  return `${markdownTable(['guard', 'limit', 'a breach is'], rows)}\n\n${where}`;
}

function breachOf({ criterion, evidence, windowMs, minimumSamples }: GuardPlan): string {
  if (evidence === 'proven') return 'proven';
  if (isValue(metricOf(criterion))) return `seen over ${span(windowMs)}`;
  return `seen over ${span(windowMs)}, ${minimumSamples} requests`;
}

/** What it said last; while it runs, where its Job's standing is told. */
function judge(state: RolloutState): string {
  const { judged, phase, plan, status, holdReason, outcome } = state;
  const last = judged.at(-1);
  const isAsked = plan.judge?.atWeights.includes(plan.phases[phase ?? -1]?.weightPercent ?? NaN) === true;
  if (isAsked && last?.phase !== phase && (status === 'baking' || status === 'judging'))
    return 'The judge is at work: tab *Pending Activities*, `judgePhase`, *Heartbeat Details*.';
  if (last === undefined) return '';
  const told = [holdReason, outcome?.sentence].join('; ');
  const lines = last.verdicts.filter((it) => !told.includes(it.sentence));
  if (lines.length === 0) return '';
  return `**Judge, phase ${last.phase + 1}**\n\n${markdownList(lines.map((it) => `${it.outcome}: ${plainMarkdown(it.sentence)}`))}`;
}

function gates(state: RolloutState): string {
  const { holdReason, outcome } = state;
  // A hold for its gates has said it already, and so has an end by a breach.
  const told = [holdReason, outcome?.sentence].join('; ');
  const lines = newestVerdicts(state).filter((it) => !told.includes(it.sentence));
  if (lines.length === 0) return '';
  return `**Gates, when last asked**\n\n${markdownList(lines.map((it) => `${it.outcome}: ${plainMarkdown(it.sentence)}`))}`;
}

function orders(state: RolloutState): string {
  const updates = heldByGates(state) ? ['advance'] : updatesOf[state.status];
  if (updates === null) return '';
  const more = updates.map((it) => `\`${it}\``).join(', ');
  const others = more === '' ? '' : ` Other orders, by *Send an Update*: ${more}.`;
  return `**To stop it:** *More Actions*, *Send a Signal*, \`abort\`.${others}`;
}

/** What a person can send now beside `abort`; null when there is nothing to decide any more. */
const updatesOf: Record<RolloutStatus, readonly string[] | null> = {
  preparing: [],
  awaitingApproval: ['approve'],
  shifting: ['hold'],
  baking: ['hold', 'advance'],
  gating: ['hold'],
  judging: ['hold', 'advance'],
  holding: ['resume', 'advance'],
  keepingOld: ['hold', 'advance'],
  finishing: ['hold'],
  rollingBack: null,
  promoted: null,
  rolledBack: null,
  failed: null,
};

function eventText({ atMs, what, by }: RolloutEvent): string {
  return `${moment(atMs)} ${plainMarkdown(what)}${by === null ? '' : ` (${plainMarkdown(by)})`}`;
}

/** `2026-11-21 10:00:12 UTC` */
function moment(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
