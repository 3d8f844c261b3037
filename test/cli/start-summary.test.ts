import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { CliProblem } from '../../src/cli/problem.ts';
import type { Rollouts, Sight } from '../../src/cli/rollouts/rollouts.ts';
import { runUrl, temporalUi } from '../../src/cli/rollouts/ui-url.ts';
import { rolloutsThat, run, showing, speak } from '../support/cli-fakes.ts';
import { cliPlanFile } from '../support/cli-plan-file.ts';
import { baking, ended, promoted, rolledBack, startedAtMs } from '../support/cli-states.ts';

let folder: string;
let file: string;
let env: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-summary-'));
  file = path.join(folder, 'rollout.yaml');
  env = path.join(folder, 'rollout.env');
  await writeFile(file, cliPlanFile({ name: 'vllm', namespace: 'llm', version: 'v2' }));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const started: Pick<Rollouts, 'start'> = {
  start: () => Promise.resolve({ kind: 'started', run, advice: null }),
};
const done = { kind: 'ended', outcome: rolledBack, state: ended(rolledBack) } as const;

/** The summary as it is on disk now. */
async function noted(): Promise<Record<string, string>> {
  const lines = (await readFile(env, 'utf8')).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2) as [string, string]));
}

describe('start --summary', () => {
  test('writes how it ended, in the form of each ending, and leaves nothing else', async () => {
    const page = path.join(folder, 'step_summary');
    const junit = path.join(folder, 'junit.xml');
    await writeFile(page, 'of an earlier try');
    const argv = ['start', file, '--watch', '--summary', env, '--summary', page, '--summary', junit];
    const urlOf = () => 'https://temporal.example/run';
    const { code } = await speak(argv, rolloutsThat({ ...started, ...showing(done), urlOf }));
    expect(code).toBe(exitCodes.rolledBack);
    expect(await noted()).toMatchObject({
      SLUICE_OUTCOME: 'rolledBack',
      SLUICE_REASON: 'breach',
      SLUICE_RUN_ID: run.runId,
      SLUICE_WORKFLOW_URL: 'https://temporal.example/run',
    });
    expect(await readFile(page, 'utf8')).toMatch(/^## vllm to v2\n\n✗ rolled back: 30 of 1000/);
    expect(await readFile(junit, 'utf8')).toContain('<failure ');
    expect((await readdir(folder)).sort()).toEqual([
      'junit.xml',
      'rollout.env',
      'rollout.yaml',
      'step_summary',
    ]);
  });

  test('is true at every moment, so that it is when the command is killed', async () => {
    const seen: (string | undefined)[] = [];
    const see = async () => {
      const { SLUICE_OUTCOME, SLUICE_SENTENCE, SLUICE_RUN_ID } = await noted();
      seen.push(`${SLUICE_OUTCOME ?? ''}, ${SLUICE_SENTENCE ?? ''}, ${SLUICE_RUN_ID ?? 'no run'}`);
    };
    const sights: Sight[] = [{ kind: 'running', state: baking }, done];
    const rollouts = rolloutsThat({
      start: async () => {
        await see();
        return { kind: 'started', run, advice: null };
      },
      look: async () => {
        await see();
        return sights.shift() ?? done;
      },
    });
    await speak(['start', file, '--watch', '--summary', env], rollouts);
    expect(seen).toEqual([
      'unknown, Temporal was asked to start it and has not answered yet, no run',
      'running, started, 0199-run',
      'running, baking at 10 %, 37 min left, 0199-run',
    ]);
  });

  test('without --watch: it goes on', async () => {
    await speak(['start', file, '--summary', env], rolloutsThat(started));
    expect(await noted()).toMatchObject({
      SLUICE_OUTCOME: 'running',
      SLUICE_ROLLOUT: 'vllm',
      SLUICE_ROLLOUT_NAMESPACE: 'llm',
    });
  });

  test('interrupted while it watches: the rollout goes on', async () => {
    const interrupted = new AbortController();
    const look = () => {
      interrupted.abort();
      return Promise.resolve({ kind: 'running', state: baking } as const);
    };
    const { signal } = interrupted;
    const argv = ['start', file, '--watch', '--summary', env];
    const { code } = await speak(argv, rolloutsThat({ ...started, look }), { signal });
    expect(code).toBe(exitCodes.interrupted);
    expect(await noted()).toMatchObject({
      SLUICE_OUTCOME: 'running',
      SLUICE_SENTENCE: 'watching has ended, the rollout goes on: baking at 10 %, 37 min left',
    });
  });

  test('interrupted before Temporal was asked: it is not asked', async () => {
    const { code, err } = await speak(['start', file, '--watch', '--summary', env], rolloutsThat({}), {
      signal: AbortSignal.abort(),
    });
    expect(err).toContain('nothing was changed');
    expect(code).toBe(exitCodes.interrupted);
    expect(await noted()).toMatchObject({ SLUICE_OUTCOME: 'notStarted' });
  });

  test('interrupted while Temporal is asked: the answer is waited for and noted', async () => {
    const interrupted = new AbortController();
    const start = () => {
      interrupted.abort();
      return Promise.resolve({ kind: 'started', run, advice: null } as const);
    };
    const { code } = await speak(
      ['start', file, '--watch', '--summary', env],
      rolloutsThat({ start }),
      interrupted,
    );
    expect(code).toBe(exitCodes.interrupted);
    expect(await noted()).toMatchObject({ SLUICE_OUTCOME: 'running', SLUICE_RUN_ID: run.runId });
  });

  test('a file that is refused: why', async () => {
    await writeFile(file, cliPlanFile({ name: 'Vllm', namespace: 'llm', version: 'v2' }));
    const { code } = await speak(['start', file, '--summary', env]);
    expect(code).toBe(exitCodes.badInput);
    const { SLUICE_OUTCOME, SLUICE_SENTENCE } = await noted();
    expect(SLUICE_OUTCOME).toBe('notStarted');
    expect(SLUICE_SENTENCE).toContain('metadata.name: found');
  });

  test('another plan runs: not started, and who runs', async () => {
    const by = { run, version: 'v3', startedBy: 'bert', startedAtMs, state: baking };
    const start = () => Promise.resolve({ kind: 'taken', by } as const);
    await speak(['start', file, '--summary', env], rolloutsThat({ start }));
    const { SLUICE_OUTCOME, SLUICE_SENTENCE, SLUICE_RUN_ID } = await noted();
    expect(SLUICE_OUTCOME).toBe('notStarted');
    expect(SLUICE_SENTENCE).toContain('started by bert');
    // The run in the way is not this job's to abort.
    expect(SLUICE_RUN_ID).toBeUndefined();
  });

  test('no answer to the start: whether it runs is not known', async () => {
    const away = new CliProblem(exitCodes.unexpected, 'Temporal does not answer');
    const { code } = await speak(
      ['start', file, '--summary', env],
      rolloutsThat({ start: () => Promise.reject(away) }),
    );
    expect(code).toBe(exitCodes.unexpected);
    expect(await noted()).toMatchObject({
      SLUICE_OUTCOME: 'unknown',
      SLUICE_SENTENCE: 'Temporal does not answer',
    });
  });

  test('terminated in Temporal: ended without an outcome', async () => {
    const sights = showing({ kind: 'cutOff', how: 'by hand', state: baking });
    const { code } = await speak(
      ['start', file, '--watch', '--summary', env],
      rolloutsThat({ ...started, ...sights }),
    );
    expect(code).toBe(exitCodes.unexpected);
    expect(await noted()).toMatchObject({ SLUICE_OUTCOME: 'cutOff' });
  });

  test('a summary that cannot be written is refused before anything is started', async () => {
    const lost = path.join(folder, 'absent', 'summary.md');
    const { code, err } = await speak(['start', file, '--summary', lost], rolloutsThat({}));
    expect(err).toContain(`--summary must be a file that can be written: found ${lost} (ENOENT: `);
    expect(code).toBe(exitCodes.badInput);
  });

  test('a summary that cannot be written any more ends nothing', async () => {
    const place = path.join(folder, 'gone');
    const lost = path.join(place, 'summary.md');
    await speak(['start', file, '--summary', env], rolloutsThat(started));
    await mkdir(place);
    const start = async () => {
      await rm(place, { recursive: true });
      return { kind: 'started', run, advice: null } as const;
    };
    const { code, err } = await speak(
      ['start', file, '--watch', '--summary', lost],
      rolloutsThat({ start, ...showing({ kind: 'ended', outcome: promoted, state: ended(promoted) }) }),
    );
    expect(err.match(/--summary must be a file/g)).toHaveLength(1);
    expect(code).toBe(exitCodes.ok);
  });
});

describe('--watch-limit', () => {
  test('ends watching, not the rollout', async () => {
    const sights = showing({ kind: 'running', state: baking });
    const { code, err } = await speak(
      ['start', file, '--watch', '--watch-limit', '1s', '--summary', env],
      rolloutsThat({ ...started, ...sights }),
    );
    expect(err).toContain('the rollout goes on');
    expect(code).toBe(exitCodes.interrupted);
    expect(await noted()).toMatchObject({ SLUICE_OUTCOME: 'running' });
  });

  test.each([
    [['--watch', '--watch-limit', '5'], 'It must be a time such as 90s'],
    [['--watch', '--watch-limit', '500h'], '1s to 480h'],
    [['--watch', '--watch-limit', '10ms'], '1s to 480h'],
    [['--watch-limit', '5h'], '--watch-limit must come with --watch: found it alone'],
  ])('%p is refused', async (flags, text) => {
    const { code, err } = await speak(['start', file, ...flags]);
    expect(err).toContain(text);
    expect(code).toBe(exitCodes.badInput);
  });
});

test('watch --run looks at this run, whatever runs by now', async () => {
  const looked: string[] = [];
  const look = ({ runId }: { runId: string }) => {
    looked.push(runId);
    return Promise.resolve(done);
  };
  await speak(['watch', 'vllm', '-n', 'llm', '--run', 'old-run', '--summary', env], rolloutsThat({ look }));
  expect(looked).toEqual(['old-run']);
  expect(await noted()).toMatchObject({ SLUICE_OUTCOME: 'rolledBack', SLUICE_RUN_ID: 'old-run' });
});

test('abort --run sends it to this run', async () => {
  const aborted: unknown[] = [];
  const abort: Rollouts['abort'] = (...sent) => {
    aborted.push(...sent);
    return Promise.resolve(run);
  };
  const argv = ['abort', 'vllm', '-n', 'llm', '--run', 'old-run', '--by', 'anna', '--reason', 'r'];
  await speak(argv, rolloutsThat({ abort, ...showing(done) }));
  expect(aborted).toEqual([run.rollout, { by: 'anna', reason: 'r' }, 'old-run']);
});

describe('the address of a run in Temporal’s UI', () => {
  const place = { address: 'temporal:7233', namespace: 'default' };

  test('is told by start, where TEMPORAL_UI_URL says where the UI is', async () => {
    const urlOf: Rollouts['urlOf'] = (of, ui) => runUrl(place, of, ui);
    const { out } = await speak(['start', file], rolloutsThat({ ...started, urlOf }), {
      env: { TEMPORAL_UI_URL: 'https://anna:secret@ui.example/temporal/?x=1' },
    });
    const url =
      'https://ui.example/temporal/namespaces/default/workflows/rollout%2Fdefault%2Fllm%2Fvllm/0199-run/history';
    expect(out).toContain(`Started: vllm in llm to v2\n  Temporal:  ${url}\n`);
  });

  test('of Temporal Cloud is known', () => {
    const cloud = { address: 'eu.abc12.tmprl.cloud:7233', namespace: 'eu.abc12' };
    expect(runUrl(cloud, run, null)).toMatch(
      /^https:\/\/cloud\.temporal\.io\/namespaces\/eu\.abc12\/workflows/,
    );
    expect(runUrl(place, run, null)).toBeNull();
    expect(temporalUi({ TEMPORAL_UI_URL: '' })).toBeNull();
  });

  test('that is none is refused', async () => {
    const { code, err } = await speak(['start', file], rolloutsThat({}), {
      env: { TEMPORAL_UI_URL: 'javascript:alert(1)' },
    });
    expect(err).toContain('TEMPORAL_UI_URL must be an address that begins with http:// or https://');
    expect(code).toBe(exitCodes.badInput);
  });
});
