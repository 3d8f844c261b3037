import { describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { follow, type Reporter, type View } from '../../src/cli/watch/follow.ts';
import { newEvents } from '../../src/cli/watch/news.ts';
import { jsonReporter, lineReporter, liveReporter } from '../../src/cli/watch/reporters.ts';
import { silenceAfter } from '../../src/cli/watch/silence.ts';
import { rolloutsThat, run, showing } from '../support/cli-fakes.ts';
import { baking, ended, nowMs, promoted } from '../support/cli-states.ts';

const done = { kind: 'ended', outcome: promoted, state: ended(promoted) } as const;
const running = { kind: 'running', state: baking } as const;
const noWorker = { kind: 'noWorker', why: 'task queue sluice' } as const;

function listener(): { views: View[]; endings: string[]; reporter: Reporter } {
  const views: View[] = [];
  const endings: string[] = [];
  const reporter: Reporter = {
    view: (view) => views.push(view),
    end: ({ kind }) => endings.push(kind),
  };
  return { views, endings, reporter };
}

function spoken() {
  let text = '';
  const terminal = {
    out: (more: string) => {
      text += more;
    },
    err: () => undefined,
    colour: false,
    live: false,
    columns: () => 100,
    interruption: () => new AbortController().signal,
    ask: null,
  };
  return { terminal, text: () => text };
}

describe('following', () => {
  const options = { signal: new AbortController().signal, everyMs: 1, now: () => nowMs };

  test('goes on while the worker or Temporal is away, and ends with the outcome', async () => {
    const { views, endings, reporter } = listener();
    const noTemporal = { kind: 'noTemporal', why: 'refused' } as const;
    const rollouts = rolloutsThat(showing(noWorker, running, noTemporal, noWorker, done));
    const ending = await follow(rollouts, run, reporter, options);
    expect(ending).toEqual({ kind: 'ended', outcome: promoted });
    expect(views.map(({ silence }) => silence?.who ?? 'answered')).toEqual([
      'worker',
      'answered',
      'Temporal',
      'worker',
      'answered',
    ]);
    expect(endings).toEqual(['ended']);
  });

  test('reports each event once', async () => {
    const { views, reporter } = listener();
    const event = { atMs: nowMs, what: 'hold: lunch', by: 'anna' };
    const later = { kind: 'running', state: { ...baking, events: [...baking.events, event] } } as const;
    await follow(rolloutsThat(showing(running, running, later, done)), run, reporter, options);
    expect(views.map(({ events }) => events.length)).toEqual([3, 0, 1, 0]);
  });

  test('ends with a rollout that was terminated', async () => {
    const { reporter } = listener();
    const cutOff = { kind: 'cutOff', how: 'terminated', state: null } as const;
    const ending = await follow(rolloutsThat(showing(running, cutOff)), run, reporter, options);
    expect(ending).toEqual({ kind: 'cutOff', how: 'terminated' });
  });

  test('ends at once when it is interrupted between two looks', async () => {
    const interrupted = new AbortController();
    const { reporter } = listener();
    const look = () => {
      queueMicrotask(() => {
        interrupted.abort();
      });
      return Promise.resolve(running);
    };
    const ending = await follow(rolloutsThat({ look }), run, reporter, {
      ...options,
      everyMs: 1e9,
      signal: interrupted.signal,
    });
    expect(ending).toEqual({ kind: 'interrupted' });
  });
});

describe('new events', () => {
  const [first, second, third] = baking.events;
  if (first === undefined || second === undefined || third === undefined) throw new Error('fixture');

  test('those after the last known one', () => {
    expect(newEvents([first], [first, second, third])).toEqual([second, third]);
    expect(newEvents([first, second], [first, second])).toEqual([]);
    expect(newEvents([], [first])).toEqual([first]);
  });

  test('also when the workflow has forgotten the oldest ones', () => {
    expect(newEvents([first, second], [second, third])).toEqual([third]);
    expect(newEvents([first], [second, third])).toEqual([second, third]);
  });
});

test('silence counts from the first look without an answer, whoever is silent', () => {
  const first = silenceAfter(null, noWorker, 1000);
  const second = silenceAfter(first, { kind: 'noTemporal', why: 'refused' }, 4000);
  expect(second).toEqual({ who: 'Temporal', why: 'refused', sinceMs: 1000 });
  expect(silenceAfter(second, running, 5000)).toBeNull();
});

describe('lines for a log', () => {
  const view: View = { run, nowMs, state: baking, events: [], silence: null };

  test('one for each event and each new standing, none for a look without news', () => {
    const { terminal, text } = spoken();
    const reporter = lineReporter(terminal);
    reporter.view({ ...view, events: baking.events });
    reporter.view(view);
    reporter.view(view);
    reporter.end({ kind: 'ended', outcome: promoted });
    expect(text()).toBe(
      '2026-11-21 10:00:00Z  started, v2 (by anna)\n' +
        '2026-11-21 10:05:00Z  phase 1: 1 %\n' +
        '2026-11-21 11:06:00Z  phase 2: 10 %\n' +
        '2026-11-21 11:23:00Z  baking at 10 %, 37 min left\n' +
        'promoted: v2 is stable now\n',
    );
  });

  test('a new standing is told beside the events that came with it', () => {
    const { terminal, text } = spoken();
    const reporter = lineReporter(terminal);
    const event = { atMs: nowMs, what: 'phase 4: 100 %', by: null };
    reporter.view(view);
    const state = { ...baking, status: 'keepingOld', phase: null, weightPercent: 100 } as const;
    reporter.view({ ...view, state, events: [event] });
    reporter.view({ ...view, state: { ...state, status: 'rollingBack' } });
    expect(text()).toBe(
      '2026-11-21 11:23:00Z  baking at 10 %, 37 min left\n' +
        '2026-11-21 11:23:00Z  phase 4: 100 %\n' +
        '2026-11-21 11:23:00Z  100 % on v2; the old release is kept warm, 37 min left\n',
    );
  });

  test('no reason that somebody gave begins a line', () => {
    const { terminal, text } = spoken();
    const reporter = lineReporter(terminal);
    const evil = 'lunch\r\n::stop-commands::x\u001b[2J';
    const state = { ...baking, status: 'holding', holdReason: `eve: ${evil}`, endsAtMs: null } as const;
    reporter.view({ ...view, state, events: [{ atMs: nowMs, what: `hold: ${evil}`, by: evil }] });
    reporter.end({ kind: 'ended', outcome: { ...promoted, sentence: evil, leftToDo: [evil] } });
    const lines = text().split('\n').slice(0, -1);
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatch(/^[^:]\P{Cc}*$/u);
  });

  test('silence: after 5 s, then once a minute, and when it ends', () => {
    const { terminal, text } = spoken();
    const reporter = lineReporter(terminal);
    reporter.view({ ...view, events: baking.events });
    const before = text().length;
    const silence = { who: 'worker', why: 'task queue sluice', sinceMs: nowMs } as const;
    for (let second = 1; second <= 70; second++)
      reporter.view({ ...view, nowMs: nowMs + second * 1000, silence });
    reporter.view({ ...view, nowMs: nowMs + 71_000 });
    expect(text().slice(before)).toBe(
      '2026-11-21 11:23:05Z  no answer from the worker for 5 s (task queue sluice); trying on\n' +
        '2026-11-21 11:24:05Z  no answer from the worker for 1 min 5 s (task queue sluice); trying on\n' +
        '2026-11-21 11:24:11Z  an answer again after 1 min 11 s\n',
    );
  });
});

test('JSON: one object a line, and only for what is new', () => {
  const { terminal, text } = spoken();
  const reporter = jsonReporter(terminal, () => exitCodes.ok);
  const view: View = { run, nowMs, state: baking, events: [], silence: null };
  reporter.view({ ...view, events: baking.events.slice(0, 1) });
  reporter.view(view);
  reporter.view({ ...view, silence: { who: 'worker', why: 'gone', sinceMs: nowMs } });
  reporter.view(view);
  reporter.end({ kind: 'ended', outcome: promoted });
  const lines = text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ type }) => type)).toEqual([
    'event',
    'standing',
    'verdicts',
    'silence',
    'answer',
    'ended',
  ]);
  expect(lines[0]).toMatchObject({ name: 'vllm', namespace: 'llm', runId: '0199-run', what: 'started, v2' });
  expect(lines.at(-1)).toMatchObject({ outcome: promoted, exitCode: 0 });
});

test('on a terminal the lines before are drawn over', () => {
  const { terminal, text } = spoken();
  const reporter = liveReporter(terminal);
  const view: View = { run, nowMs, state: null, events: [], silence: null };
  reporter.view(view);
  reporter.view({ ...view, state: baking });
  expect(text().startsWith('waiting for the first answer\n\u001b[1A\u001b[0Jvllm v2')).toBe(true);
});
