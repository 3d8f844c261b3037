import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes.ts';
import { CliProblem } from '../../src/cli/problem.ts';
import type { Order, StartOrder } from '../../src/cli/rollouts/rollouts.ts';
import type { EndReason, RolloutOutcome } from '../../src/domain/rollout/state.ts';
import { rolloutsThat, run, showing, speak } from '../support/cli-fakes.ts';
import { cliPlanFile } from '../support/cli-plan-file.ts';
import { baking, ended, promoted, rolledBack, startedAtMs } from '../support/cli-states.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-cli-'));
  file = path.join(folder, 'rollout.yaml');
  await writeFile(file, cliPlanFile({ name: 'vllm', namespace: 'llm', version: 'v2' }));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const place = ['-n', 'llm'];

describe('the exit code of an ended rollout', () => {
  test.each<[RolloutOutcome['status'], EndReason, number]>([
    ['promoted', 'completed', 0],
    ['rolledBack', 'breach', 10],
    ['rolledBack', 'gate', 10],
    ['rolledBack', 'foreignChange', 10],
    ['rolledBack', 'error', 10],
    ['rolledBack', 'abort', 11],
    ['rolledBack', 'cancel', 11],
    ['rolledBack', 'holdLimit', 12],
    ['failed', 'breach', 1],
    ['failed', 'abort', 1],
  ])('%s by %s: %i', (status, reason, code) => {
    expect(exitCodeOf({ ...promoted, status, reason })).toBe(code);
  });
});

describe('bad input is refused with 2 before anything is asked', () => {
  test.each<[string, readonly string[], string]>([
    ['an unknown verb', ['stauts'], 'Did you mean status?'],
    ['an unknown flag', ['status', 'vllm', '--outptu', 'json'], 'Did you mean --output?'],
    ['no name', ['abort'], "missing required argument 'name'"],
    ['a name that is none', ['abort', 'a/b'], 'a-z, 0-9 and -'],
    ['a namespace that is none', ['abort', 'a', '-n', 'B'], 'a-z, 0-9 and -'],
    ['an output that is none', ['list', '--output', 'yaml'], 'Allowed choices are text, json'],
    ['an empty reason', ['hold', 'a', '--reason', ' '], 'must not be empty'],
    ['a limit that is none', ['list', '--limit', '0'], '1 to 1000'],
    ['too many names', ['abort', 'a', 'b'], 'too many arguments'],
    ['a shell that is none', ['completion', 'tcsh'], 'bash, zsh, fish'],
  ])('%s', async (_, argv, text) => {
    const { code, err } = await speak(argv);
    expect(err).toContain(text);
    expect(code).toBe(exitCodes.badInput);
  });
});

test('help tells the exit codes, and every verb has an example', async () => {
  const { code, out } = await speak(['--help']);
  expect(code).toBe(0);
  expect(out).toContain('12  held past its limit');
  const verbs = [...out.matchAll(/^ {2}([a-z]+) (?:\[options\] )?[<A-Z[]/gm)].map(([, verb]) => verb ?? '');
  expect(verbs).toContain('abort');
  for (const verb of verbs.filter((it) => it !== 'help')) {
    expect((await speak([verb, '--help'])).out).toContain(`  sluice ${verb}`);
  }
});

describe('check', () => {
  test('shows the plan that a file means', async () => {
    const { code, out } = await speak(['check', file]);
    expect(out).toMatch(/^ok vllm to v2\n/);
    expect(out).toContain('namespace llm, cluster default');
    expect(code).toBe(0);
  });

  test('as JSON, plan and warnings', async () => {
    const { out } = await speak(['check', file, '--output', 'json']);
    expect(JSON.parse(out)).toMatchObject({ kind: 'ok', plan: { name: 'vllm' }, warnings: [] });
  });

  test('names every problem with its line', async () => {
    const bad = path.join(folder, 'bad.yaml');
    await writeFile(bad, cliPlanFile({ name: 'Vllm', namespace: 'llm', version: '' }));
    const { code, out, err } = await speak(['check', bad]);
    expect(code).toBe(exitCodes.badInput);
    expect(out).toBe('');
    expect(err).toMatch(/bad\.yaml:\d+:\d+ metadata\.name: found/);
    expect(err).toMatch(/bad\.yaml:\d+:\d+ spec\.release\.version: found/);
  });

  test('refuses a file for another namespace than the one that was meant', async () => {
    const { code, err } = await speak(['check', file, '-n', 'other']);
    expect(err).toContain('metadata.namespace llm');
    expect(code).toBe(exitCodes.badInput);
  });
});

describe('start', () => {
  test('says who started, and how to go on', async () => {
    const orders: StartOrder[] = [];
    const start = (order: StartOrder) => {
      orders.push(order);
      return Promise.resolve({ kind: 'started', run, advice: null } as const);
    };
    const env = { GITHUB_ACTOR: 'octocat' };
    const { code, out } = await speak(['start', file], rolloutsThat({ start }), { env });
    expect(orders).toMatchObject([
      { startedBy: 'octocat', reason: 'no reason given', plan: { name: 'vllm' } },
    ]);
    expect(out).toBe(
      'Started: vllm in llm to v2\n  watch:     sluice watch vllm -n llm\n  roll back: sluice abort vllm -n llm\n',
    );
    expect(code).toBe(0);
  });

  test('--watch ends with the rollout’s exit code', async () => {
    const sights = showing({ kind: 'ended', outcome: rolledBack, state: ended(rolledBack) });
    const start = () => Promise.resolve({ kind: 'joined', run } as const);
    const { code, out } = await speak(['start', file, '--watch'], rolloutsThat({ start, ...sights }));
    expect(out).toMatch(/^This very rollout runs already; joined: vllm in llm to v2\n/);
    expect(out).toContain('rolled back: 30 of 1000 requests failed');
    expect(code).toBe(exitCodes.rolledBack);
  });

  test('refuses beside another plan, and says who runs', async () => {
    const by = { run, version: 'v3', startedBy: 'bert', startedAtMs, state: baking };
    const start = () => Promise.resolve({ kind: 'taken', by } as const);
    const { code, out, err } = await speak(['start', file], rolloutsThat({ start }));
    expect(code).toBe(exitCodes.badInput);
    expect(out).toBe('');
    expect(err).toContain(
      '  version    v3\n' +
        '  standing   phase 2 of 4, baking at 10 %, 37 min left\n' +
        '  started by bert\n' +
        '  since      2026-11-21 10:00:00Z (1 h 23 min)\n',
    );
  });
});

describe('watch', () => {
  test('interrupted: the rollout goes on, and it says how to roll back', async () => {
    const interrupted = new AbortController();
    interrupted.abort();
    const sights = showing({ kind: 'running', state: baking });
    const { code, err } = await speak(['watch', 'vllm', ...place], rolloutsThat(sights), {
      signal: interrupted.signal,
    });
    expect(code).toBe(exitCodes.interrupted);
    expect(err).toContain('the rollout goes on');
    expect(err).toContain('sluice abort vllm -n llm');
  });
});

describe('status', () => {
  test('as JSON, the whole state', async () => {
    const rollouts = rolloutsThat(showing({ kind: 'running', state: baking }));
    const { out } = await speak(['status', 'vllm', ...place, '--output', 'json'], rollouts);
    expect(JSON.parse(out)).toEqual(baking);
  });

  test('of an ended rollout whose worker is away: its outcome', async () => {
    const rollouts = rolloutsThat(showing({ kind: 'ended', outcome: promoted, state: null }));
    const { code, out } = await speak(['status', 'vllm', ...place], rollouts);
    expect(out).toBe('promoted: v2 is stable now\n');
    expect(code).toBe(0);
  });

  test('without a worker: 1, and says so', async () => {
    const rollouts = rolloutsThat(showing({ kind: 'noWorker', why: 'task queue sluice' }));
    const { code, err } = await speak(['status', 'vllm', ...place], rollouts);
    expect(err).toContain('No answer from the worker of vllm in llm (task queue sluice)');
    expect(code).toBe(exitCodes.unexpected);
  });

  test('of one that is not there: 3', async () => {
    const find = () =>
      Promise.reject(new CliProblem(exitCodes.notFound, 'There is no rollout vllm in llm', 'sluice list'));
    const { code, err } = await speak(['status', 'vllm', ...place], rolloutsThat({ find }));
    expect(err).toBe('sluice: There is no rollout vllm in llm\nsluice list\n');
    expect(code).toBe(exitCodes.notFound);
  });
});

describe('orders', () => {
  test.each<[readonly string[], Order]>([
    [['approve', 'vllm'], { verb: 'approve', by: 'anna', reason: 'r' }],
    [['advance', 'vllm'], { verb: 'advance', full: false, by: 'anna', reason: 'r' }],
    [['advance', 'vllm', '--full'], { verb: 'advance', full: true, by: 'anna', reason: 'r' }],
    [['hold', 'vllm'], { verb: 'hold', by: 'anna', reason: 'r' }],
    [['resume', 'vllm'], { verb: 'resume', by: 'anna', reason: 'r' }],
  ])('%p', async (argv, order) => {
    const sent: unknown[] = [];
    const send = (...sending: unknown[]) => {
      sent.push(...sending);
      return Promise.resolve('as you wish');
    };
    const { code, out } = await speak(
      [...argv, ...place, '--by', 'anna', '--reason', 'r'],
      rolloutsThat({ send }),
    );
    expect(sent).toEqual([run.rollout, order]);
    expect(out).toBe('vllm in llm: as you wish\n');
    expect(code).toBe(0);
  });
});

describe('abort', () => {
  const abort = () => Promise.resolve(run);

  test('looks until the traffic is back', async () => {
    const sights = showing(
      { kind: 'running', state: baking },
      { kind: 'running', state: { ...baking, status: 'rollingBack', weightPercent: 10 } },
      { kind: 'running', state: { ...baking, status: 'rollingBack', weightPercent: 0 } },
    );
    const { code, out } = await speak(['abort', 'vllm', ...place], rolloutsThat({ abort, ...sights }));
    expect(out).toContain('vllm in llm: all traffic is on stable; the canary is being removed\n');
    expect(code).toBe(0);
  });

  test('is done too when it has ended already', async () => {
    const sights = showing({ kind: 'ended', outcome: rolledBack, state: null });
    const { out } = await speak(
      ['abort', 'vllm', ...place, '--output', 'json'],
      rolloutsThat({ abort, ...sights }),
    );
    expect(JSON.parse(out)).toEqual({ type: 'abort', ...run.rollout, obeyed: true, weightPercent: null });
  });
});

test('list passes what is asked for', async () => {
  const filters: unknown[] = [];
  const list = (filter: unknown) => {
    filters.push(filter);
    return Promise.resolve([]);
  };
  const { out } = await speak(['list', '--running', ...place, '--limit', '5'], rolloutsThat({ list }));
  expect(filters).toEqual([{ namespace: 'llm', runningOnly: true, limit: 5 }]);
  expect(out).toBe('No rollouts.\n');
});
