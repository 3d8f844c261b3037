import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { rolloutsThat, run, showing, speak } from '../support/cli-fakes.ts';
import { cliPlanFile } from '../support/cli-plan-file.ts';
import { ended, rolledBack } from '../support/cli-states.ts';
import { repository } from '../support/github-action.ts';

let folder: string;
/** Where the job's summaries are. */
let seen: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-ci-'));
  seen = path.join(folder, 'seen');
  await mkdir(path.join(folder, 'bin'));
  await mkdir(path.join(folder, 'calls'));
  // Stands in for Node.js: notes what it was called with, and ends as the test wants.
  await writeFile(
    path.join(folder, 'bin/node'),
    '#!/bin/sh\nprintf \'%s\\0\' "$@" >"$CALLS/$(ls "$CALLS" | wc -l | tr -d " ")"\neval "exit \\${EXIT_$2:-0}"\n',
    { mode: 0o755 },
  );
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly err: string;
  /** What the command line was called with, each time. */
  readonly calls: readonly (readonly string[])[];
}

async function script(name: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const calls = path.join(folder, 'calls');
  const { code, err } = await new Promise<{ code: number; err: string }>((resolve) => {
    const options = {
      cwd: folder,
      env: {
        PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`,
        CALLS: calls,
        SLUICE_FOLDER: seen,
        ...env,
      },
    };
    const child = execFile('sh', [path.join(repository, 'ci', name)], options, (_error, _out, stderr) => {
      resolve({ code: child.exitCode ?? 255, err: stderr });
    });
  });
  const numbers = (await readdir(calls)).sort((one, other) => Number(one) - Number(other));
  const texts = await Promise.all(numbers.map((number) => readFile(path.join(calls, number), 'utf8')));
  const main = path.join(repository, 'src/cli/main.ts');
  const called = texts.map((text) => text.split('\0').slice(0, -1));
  for (const argv of called) expect(argv[0]).toBe(main);
  return { code, err, calls: called.map((argv) => argv.slice(1)) };
}

const ended11 = { kind: 'ended', outcome: rolledBack, state: ended(rolledBack) } as const;

/** Whether the command line takes such arguments; they must not go anywhere but to Temporal. */
async function accepted(argv: readonly string[]): Promise<void> {
  await mkdir(path.join(seen, 'abort'), { recursive: true });
  const rollouts = rolloutsThat({
    start: () => Promise.resolve({ kind: 'started', run, advice: null }),
    abort: () => Promise.resolve(run),
    ...showing(ended11),
  });
  const { code, err } = await speak(argv, rollouts);
  expect({ err, refused: code === exitCodes.badInput }).toEqual({ err: '', refused: false });
}

describe('ci/start.sh', () => {
  test('starts and watches, with summaries and the job as reason', async () => {
    const file = path.join(folder, 'rollout.yaml');
    await writeFile(file, cliPlanFile({ name: 'vllm', namespace: 'llm', version: 'v2' }));
    const { calls } = await script('start.sh', {
      SLUICE_FILE: file,
      GITHUB_RUN_ID: '4711',
      GITHUB_REPOSITORY: 'acme/llm',
      GITHUB_SERVER_URL: 'https://github.example',
    });
    const [argv = []] = calls;
    expect(calls).toHaveLength(1);
    expect(argv).toEqual([
      'start',
      ...['--summary', `${seen}/start/summary.md`],
      ...['--summary', `${seen}/start/rollout.env`],
      ...['--summary', `${seen}/start/junit.xml`],
      ...['--reason', 'https://github.example/acme/llm/actions/runs/4711'],
      '--watch',
      '--',
      file,
    ]);
    await accepted(argv);
  });

  test('hands on what it is given as it is, whatever is in it', async () => {
    const { calls } = await script('start.sh', {
      SLUICE_FILE: '--help $(touch a) ; touch b',
      SLUICE_START_REASON: '"; touch c; `touch d` $HOME',
      SLUICE_WAIT_LIMIT: '5h; touch e',
      CI_JOB_URL: 'https://gitlab.example/job/1',
    });
    const argv = calls[0] ?? [];
    expect(argv.slice(-2)).toEqual(['--', '--help $(touch a) ; touch b']);
    expect(argv).toContain('"; touch c; `touch d` $HOME');
    expect(argv).toContain('5h; touch e');
    expect((await readdir(folder)).sort()).toEqual(['bin', 'calls', 'seen']);
  });

  test('does not watch when it is not to wait, and ends with the command’s exit code', async () => {
    const { calls, code } = await script('start.sh', {
      SLUICE_FILE: 'rollout.yaml',
      SLUICE_WAIT: 'false',
      EXIT_start: '2',
    });
    expect(calls[0]).not.toContain('--watch');
    expect(calls[0]).toContain('a CI job');
    expect(code).toBe(2);
  });

  test('what an earlier try of the job left is gone before it starts', async () => {
    await mkdir(path.join(seen, 'abort'), { recursive: true });
    await writeFile(path.join(seen, 'abort', 'summary.md'), 'old');
    await script('start.sh', { SLUICE_FILE: 'rollout.yaml' });
    expect(await readdir(seen)).toEqual(['start']);
  });

  test.each([
    [{}, 'the rollout file must be named: found nothing'],
    [{ SLUICE_FILE: 'a', SLUICE_FOLDER: '' }, 'SLUICE_FOLDER: must be a folder of this job'],
    [{ SLUICE_FILE: 'a', SLUICE_WAIT: 'no' }, "wait must be true or false: found 'no'"],
    [
      { SLUICE_FILE: 'a', SLUICE_ABORT_ON_CANCEL: 'yes' },
      "abort-on-cancel must be true or false: found 'yes'",
    ],
  ])('%j is refused, and nothing is started', async (env, text) => {
    const { calls, code, err } = await script('start.sh', env);
    expect(err).toContain(text);
    expect(code).toBe(2);
    expect(calls).toEqual([]);
  });
});

describe('ci/abort.sh', () => {
  const known = {
    SLUICE_OUTCOME: 'running',
    SLUICE_SENTENCE: 'baking = at 10 %',
    SLUICE_ROLLOUT: 'vllm',
    SLUICE_ROLLOUT_NAMESPACE: 'llm',
    SLUICE_ROLLOUT_CLUSTER: 'default',
    SLUICE_RUN_ID: '0199-run',
  };
  const whose = ['vllm', '--namespace', 'llm', '--cluster', 'default', '--run', '0199-run'];

  async function noted(values: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(path.join(seen, 'start'), { recursive: true });
    const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
    await writeFile(path.join(seen, 'start/rollout.env'), lines.join(''));
  }

  test('aborts the run that the job knows, and watches it to its end', async () => {
    await noted(known);
    const { calls, code } = await script('abort.sh', {
      CI_JOB_URL: 'https://gitlab.example/job/1',
      EXIT_watch: '11',
    });
    expect(calls).toEqual([
      ['abort', ...whose, '--reason', 'the CI job was cancelled: https://gitlab.example/job/1'],
      [
        'watch',
        ...whose,
        ...['--watch-limit', '3m'],
        ...['--summary', `${seen}/abort/summary.md`],
        ...['--summary', `${seen}/abort/rollout.env`],
        ...['--summary', `${seen}/abort/junit.xml`],
      ],
    ]);
    for (const argv of calls) await accepted(argv);
    expect(code).toBe(0);
  });

  test.each([
    ['it has ended meanwhile: what came of it is shown', { EXIT_abort: '3', EXIT_watch: '0' }, 2, 0],
    ['Temporal is away: it fails', { EXIT_abort: '1' }, 1, 1],
    ['it is not rolled back in time: it fails', { EXIT_watch: '130' }, 2, 130],
    ['it needs a person: it fails', { EXIT_watch: '1' }, 2, 1],
  ])('%s', async (_, exits, amount, expected) => {
    await noted(known);
    const { calls, code } = await script('abort.sh', exits);
    expect({ calls: calls.length, code }).toEqual({ calls: amount, code: expected });
  });

  test.each([
    ['the job has started nothing', null, 0, 'this job has started no rollout'],
    ['another rollout was in the way', { ...known, SLUICE_OUTCOME: 'notStarted' }, 0, 'nothing to abort'],
    ['it has ended', { ...known, SLUICE_OUTCOME: 'promoted' }, 0, 'nothing to abort'],
    [
      'nobody knows whether it was started: it says so',
      { ...known, SLUICE_OUTCOME: 'unknown', SLUICE_RUN_ID: '' },
      1,
      'sluice status vllm --namespace llm --cluster default',
    ],
  ])('aborts nothing when %s', async (_, values, expected, text) => {
    if (values !== null) await noted(values);
    const { calls, code, err } = await script('abort.sh', {});
    expect(err).toContain(text);
    expect({ calls, code }).toEqual({ calls: [], code: expected });
  });

  test('aborts a run of which nothing more is known', async () => {
    await noted({ ...known, SLUICE_OUTCOME: 'unknown' });
    const { calls } = await script('abort.sh', {});
    expect(calls[0]?.slice(0, 2)).toEqual(['abort', 'vllm']);
  });
});

describe('ci/install.sh', () => {
  test('refuses an old Node.js, and names it', async () => {
    const node = '#!/bin/sh\nif [ "$1" = --version ]; then echo v18.0.0; else exit 1; fi\n';
    await writeFile(path.join(folder, 'bin/node'), node, { mode: 0o755 });
    const { code, err } = await script('install.sh', {});
    expect(err).toContain('Node.js must be 22.19 or newer: found v18.0.0');
    expect(code).toBe(2);
  });
});
