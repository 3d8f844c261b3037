import { describe, expect, test } from '@jest/globals';
import type { RolloutState, RolloutStatus } from '../../src/domain/rollout/state.ts';
import { choices } from '../../src/cli/render/choices.ts';
import { headline } from '../../src/cli/render/headline.ts';
import { listTable } from '../../src/cli/render/list-table.ts';
import { bakeProgress, liveLines, redraw } from '../../src/cli/render/live.ts';
import { outcomeText } from '../../src/cli/render/outcome.ts';
import { paintFor } from '../../src/cli/render/paint.ts';
import { phaseBar, standings } from '../../src/cli/render/phases.ts';
import { statusPage } from '../../src/cli/render/status-page.ts';
import { width } from '../../src/cli/render/table.ts';
import { judgePlan } from '../support/plans.ts';
import {
  baking,
  ended,
  judgedWorse,
  nowMs,
  promoted,
  rolledBack,
  startedAtMs,
} from '../support/cli-states.ts';

const plain = paintFor(false);
const run = { rollout: { cluster: 'default', namespace: 'llm', name: 'vllm' }, runId: '0199-run' };

describe('the status page', () => {
  test('tells standing, phases, guards, verdicts, events, and what a person can do', () => {
    expect(statusPage(baking, nowMs, plain)).toBe(`vllm baking at 10 %, 37 min left (phase 2 of 4)

Target   Deployment vllm, Service vllm:8000, HTTPRoute llm
Place    namespace llm, cluster default
Version  v2
Started  2026-11-21 10:00:00Z by anna (1 h 23 min ago)
Run      0199-run

Phases
  phase  weight  bake  gates                                                        approval
  ✓ 1    1 %     1 h   no breach: error-rate < 0.1 %, e2e-latency p99 < 2 x stable  -
  ▶ 2    10 %    2 h   no breach: error-rate < 0.1 %, e2e-latency p99 < 2 x stable  -
  · 3    50 %    4 h   proven: error-rate < 0.1 %, e2e-latency p99 < 2 x stable     -
  · 4    100 %   -     -                                                            -
  · then the old release is kept warm for 24 h

Guards
  error-rate < 1 %, proven
  e2e-latency p99 < 3 x stable, proven
  cost-per-request < 2 x stable, proven
  every 10 s; a breach rolls back at once

Verdicts
  pass          error-rate       1 of 5000 requests failed (0.02 %), below 0.1 %
  inconclusive  e2e-latency p99  120 requests, 300 are needed

Events
  2026-11-21 10:00:00Z  started, v2 (by anna)
  2026-11-21 10:05:00Z  phase 1: 1 %
  2026-11-21 11:06:00Z  phase 2: 10 %

You can
  sluice advance vllm -n llm         end this phase now
  sluice advance vllm -n llm --full  go to 100 % now; guards stay on
  sluice hold vllm -n llm            stay at this weight until resumed
  sluice abort vllm -n llm           all traffic back to stable, at once
`);
  });

  test('of an ended rollout opens with the outcome and offers nothing', () => {
    const page = statusPage(ended(rolledBack), nowMs, plain);
    expect(page).toMatch(/^vllm rolled back: 30 of 1000 requests failed/);
    expect(page).toContain('✗ 2 ');
    expect(page).not.toContain('You can');
  });

  test('tells what the judge said last', () => {
    const plan = { ...baking.plan, judge: judgePlan() };
    const page = statusPage({ ...baking, plan, judged: [judgedWorse] }, nowMs, plain);
    expect(page).toContain(`Judge
  fail  judge-quality-drop  judge: quality 21 % below stable's over 400 prompts (14 % to 28 %), limit < 10 %
  jobs        1 of 2 Jobs failed: its pod was evicted: <disk>
  canary      won 20, lost 180, tied 200; win rate 30 %`);
    expect(page).toContain('  prompts     410 of prompts.jsonl, sha256 0123456789ab\n');
    expect(page).toContain(
      '  transcript  vllm-judge-1-2-2.jsonl\n              the transcript ends early: ENOSPC\n',
    );
  });

  test('has no colours where none are wanted', () => {
    expect(statusPage(baking, nowMs, plain)).not.toContain('\u001b');
    expect(statusPage(baking, nowMs, paintFor(true))).toContain('\u001b[1m');
  });
});

describe('phases', () => {
  test.each<[string, Partial<RolloutState>, string]>([
    ['before the first', { status: 'preparing', phase: null }, 'ahead ahead ahead ahead'],
    ['the first waits for approval', { status: 'awaitingApproval', phase: null }, 'now ahead ahead ahead'],
    ['the third waits for approval', { status: 'awaitingApproval', phase: 1 }, 'done done now ahead'],
    ['in the second', { phase: 1 }, 'done now ahead ahead'],
    ['taken back in the second', { status: 'rollingBack', phase: 1 }, 'done stopped ahead ahead'],
    ['after the last', { status: 'keepingOld', phase: null }, 'done done done done'],
    ['held after the last', { status: 'holding', phase: null }, 'done done done done'],
    ['taken back after the last', { status: 'rolledBack', phase: null }, 'done done done done'],
    [
      'taken back before the first',
      { status: 'rolledBack', phase: null, events: [] },
      'ahead ahead ahead ahead',
    ],
  ])('%s', (_, change, expected) => {
    expect(standings({ ...baking, ...change }).join(' ')).toBe(expected);
  });

  test('as a bar', () => {
    expect(phaseBar(baking, plain)).toBe('✓ 1 % ── ▶ 10 % ── · 50 % ── · 100 %');
  });
});

test.each<[string, Partial<RolloutState>, string]>([
  ['is kept now', { status: 'keepingOld', phase: null }, '  ▶ then the old release is kept warm for 24 h\n'],
  ['was kept long enough', { status: 'promoted', phase: null }, '  ✓ then the old'],
  ['was needed again', { status: 'rollingBack', phase: null }, '  ✗ then the old'],
])('the status page marks that the old release %s', (_, change, line) => {
  expect(statusPage({ ...baking, ...change }, nowMs, plain)).toContain(line);
});

describe('the headline', () => {
  const endsAtMs = nowMs + 60_000;
  test.each<[Partial<RolloutState>, string]>([
    [{ status: 'preparing', phase: null }, 'preparing: checks, and the canary beside stable'],
    [
      { status: 'awaitingApproval', endsAtMs },
      'waits for a person to approve phase 3 (50 %); rolls back in 1 min',
    ],
    [{ status: 'shifting', endsAtMs: null }, 'shifting to 10 %'],
    [{ status: 'gating' }, 'asking the gates of phase 2 of 4 at 10 %'],
    [{ status: 'judging' }, 'waiting for the judge of phase 2 of 4 at 10 %'],
    [
      { status: 'holding', holdReason: 'too few requests', endsAtMs },
      'holding at 10 %: too few requests; rolls back in 1 min',
    ],
    [{ status: 'holding', holdReason: 'anna: lunch', endsAtMs: null }, 'holding at 10 %: anna: lunch'],
    [
      { status: 'keepingOld', phase: null, weightPercent: 100, endsAtMs },
      '100 % on v2; the old release is kept warm, 1 min left',
    ],
    [{ status: 'finishing' }, 'finishing: v2 becomes stable'],
    [{ status: 'rollingBack' }, 'rolling back'],
    [{ status: 'promoted', outcome: promoted }, 'v2 is stable now'],
  ])('%o', (change, text) => {
    expect(headline({ ...baking, ...change }, nowMs)).toBe(text);
  });
});

describe('what a person can do', () => {
  const verbsOf = (status: RolloutStatus) =>
    choices({ ...baking, status }).map(({ command }) => command.split(' ')[1]);

  test.each<[RolloutStatus, string]>([
    ['preparing', 'abort'],
    ['awaitingApproval', 'approve abort'],
    ['holding', 'resume advance advance abort'],
    ['keepingOld', 'advance hold abort'],
    ['rollingBack', ''],
    ['promoted', ''],
  ])('while %s: %s', (status, verbs) => {
    expect(verbsOf(status).join(' ')).toBe(verbs);
  });

  test('the commands name the place only where it is not the default', () => {
    const target = { ...baking.plan.target, namespace: 'default', cluster: 'eu-1' };
    const [first] = choices({ ...baking, plan: { ...baking.plan, target } });
    expect(first?.command).toBe('sluice advance vllm --cluster eu-1');
  });
});

describe('the live lines', () => {
  const view = { run, nowMs, state: baking, events: [], silence: null };

  test('fit the terminal, and say how to roll back', () => {
    const lines = liveLines(view, 40, plain);
    expect(lines[0]).toBe('vllm v2  ✓ 1 % ── ▶ 10 % ── · 50 % ── ·…');
    expect(Math.max(...lines.map(width))).toBe(40);
    expect(liveLines(view, 200, plain).at(-1)).toContain('sluice abort vllm -n llm');
  });

  test('tell who does not answer, and for how long', () => {
    const silence = { who: 'worker', why: 'task queue sluice', sinceMs: nowMs - 12_000 } as const;
    expect(liveLines({ ...view, silence }, 200, plain).at(-1)).toBe(
      'no answer from the worker for 12 s (task queue sluice); trying on',
    );
  });

  test('the bake: what is over of it', () => {
    expect(bakeProgress(baking, nowMs)).toBeCloseTo(1 - 37 / 120);
    expect(bakeProgress({ ...baking, status: 'gating' }, nowMs)).toBeNull();
    expect(bakeProgress(baking, startedAtMs + 1e9)).toBe(1);
  });

  test('are drawn over the ones before', () => {
    expect(redraw(0, ['a', 'b'])).toBe('a\nb\n');
    expect(redraw(2, ['c'])).toBe('\u001b[2A\u001b[0Jc\n');
  });
});

test('an outcome tells what is left to do', () => {
  const left = { ...rolledBack, status: 'failed', leftToDo: ['remove the canary: 403'] } as const;
  expect(outcomeText(left, plain)).toBe(
    'failed: 30 of 1000 requests failed (3 %), above 1 %\n' +
      '  fail  error-rate  30 of 1000 requests failed (3 %), above 1 %\n' +
      '  to do: remove the canary: 403\n',
  );
});

test('the list', () => {
  const row = { ...run.rollout, runId: 'r', version: 'v2', startedBy: 'anna', startedAtMs };
  const text = listTable(
    [
      { ...row, endedAtMs: null, standing: 'running', phase: 2, weightPercent: 10 },
      {
        ...row,
        version: null,
        endedAtMs: nowMs,
        standing: 'rolledBack',
        phase: null,
        weightPercent: null,
      },
    ],
    plain,
  );
  expect(text).toBe(
    'NAME  NAMESPACE  CLUSTER  VERSION  STANDING     WEIGHT  STARTED               ENDED                 BY\n' +
      'vllm  llm        default  v2       phase 2      10 %    2026-11-21 10:00:00Z  -                     anna\n' +
      'vllm  llm        default  ?        rolled back  ?       2026-11-21 10:00:00Z  2026-11-21 11:23:00Z  anna\n',
  );
  expect(listTable([], plain)).toBe('No rollouts.\n');
});
