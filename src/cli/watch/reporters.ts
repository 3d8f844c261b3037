import type { RolloutStatus } from '../../domain/rollout/state.ts';
import type { ExitCode } from '../exit-codes.ts';
import { headline } from '../render/headline.ts';
import { liveLines, redraw } from '../render/live.ts';
import { cutOffText, outcomeText } from '../render/outcome.ts';
import { paintFor } from '../render/paint.ts';
import { eventCells } from '../render/status-page.ts';
import { span } from '../../domain/rollout/span.ts';
import { moment } from '../render/words.ts';
import type { Terminal } from '../terminal.ts';
import type { Ending, Reporter, View } from './follow.ts';
import { standingOf } from './news.ts';
import { type Silence, silenceText } from './silence.ts';

/** A few lines that are drawn over at every look. */
export function liveReporter({ out, columns, colour }: Terminal): Reporter {
  const paint = paintFor(colour);
  let drawn = 0;
  return {
    view: (view) => {
      const lines = liveLines(view, columns(), paint);
      out(redraw(drawn, lines));
      drawn = lines.length;
    },
    end: (ending) => {
      out(endText(ending, colour));
    },
  };
}

/** Silence shorter than this is nobody's business in a log. */
const worthALineMs = 5000;
/** And then a line this often. */
const reminderMs = 60_000;

/** Statuses that an event or the outcome tells in other words. */
const told: ReadonlySet<RolloutStatus> = new Set([
  'preparing',
  'rollingBack',
  'promoted',
  'rolledBack',
  'failed',
]);

/** A line for each event and each new standing, never drawn over: for CI. */
export function lineReporter({ out, colour }: Terminal): Reporter {
  const paint = paintFor(colour);
  let standing = '';
  let reminded: { silence: Silence; atMs: number } | null = null;

  const tellSilence = ({ silence, nowMs }: View) => {
    if (silence === null) {
      if (reminded !== null)
        out(`${moment(nowMs)}  an answer again after ${span(nowMs - reminded.silence.sinceMs)}\n`);
      reminded = null;
      return;
    }
    const due = reminded === null ? silence.sinceMs + worthALineMs : reminded.atMs + reminderMs;
    if (nowMs < due) return;
    out(`${moment(nowMs)}  ${paint.warn(silenceText(silence, nowMs))}\n`);
    reminded = { silence, atMs: nowMs };
  };

  return {
    view: (view) => {
      const { state, events, nowMs } = view;
      for (const event of events) out(`${eventCells(event, paint).join('  ')}\n`);
      const present = state === null ? '' : `${state.status} ${state.phase ?? ''}`;
      if (state !== null && present !== standing && !told.has(state.status))
        out(`${moment(nowMs)}  ${headline(state, nowMs)}\n`);
      standing = present;
      tellSilence(view);
    },
    end: (ending) => {
      out(endText(ending, colour));
    },
  };
}

/** One JSON object a line: for programs. */
export function jsonReporter({ out }: Terminal, codeOf: (ending: Ending) => ExitCode): Reporter {
  let standing = '';
  let verdicts = '[]';
  let silent = false;
  return {
    view: ({ run, nowMs, state, events, silence }) => {
      const tell = (type: string, content: object) => {
        out(`${JSON.stringify({ type, ...run.rollout, runId: run.runId, ...content })}\n`);
      };
      for (const event of events) tell('event', { ...event });
      if (state !== null) {
        const present = standingOf(state);
        if (JSON.stringify(present) !== standing) tell('standing', { atMs: nowMs, ...present });
        standing = JSON.stringify(present);
        if (JSON.stringify(state.verdicts) !== verdicts)
          tell('verdicts', { atMs: nowMs, verdicts: state.verdicts });
        verdicts = JSON.stringify(state.verdicts);
      }
      if (silence !== null && !silent) tell('silence', { atMs: nowMs, ...silence });
      if (silence === null && silent) tell('answer', { atMs: nowMs });
      silent = silence !== null;
    },
    end: (ending) => {
      const { kind, ...content } = ending;
      out(`${JSON.stringify({ type: kind, ...content, exitCode: codeOf(ending) })}\n`);
    },
  };
}

function endText(ending: Ending, colour: boolean): string {
  switch (ending.kind) {
    case 'ended':
      return outcomeText(ending.outcome, paintFor(colour));
    case 'cutOff':
      return cutOffText(ending.how, paintFor(colour));
    case 'interrupted':
      return '';
  }
}
