import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../../dev/cluster/wait.ts';
import type { RolloutState, RolloutStatus } from '../../src/domain/rollout/state.ts';
import { rolloutWorkflowType, status } from '../../src/workflows/messages.ts';
import { type CliPlanFile, cliPlanFile } from '../support/cli-plan-file.ts';
import { CliProcess, type Exit } from '../support/cli-process.ts';
import { RolloutsInTemporal } from '../support/cli-temporal.ts';

/** The command line as processes, against a real Temporal; the activities behind the workflow touch no cluster. */
describe('sluice', () => {
  const place = ['-n', 'llm'];
  let temporal: RolloutsInTemporal;
  let env: NodeJS.ProcessEnv;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-cli-'));
    temporal = await RolloutsInTemporal.open({ searchAttributes: true });
    const { address: TEMPORAL_ADDRESS, namespace: TEMPORAL_NAMESPACE } = temporal;
    env = { ...process.env, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, GITHUB_ACTOR: 'anna' };
    await temporal.startWorker();
  });

  afterAll(async () => {
    await temporal.remove();
    await rm(folder, { recursive: true });
  });

  function spawn(...argv: readonly string[]): CliProcess {
    return new CliProcess(argv, env);
  }

  function sluice(...argv: readonly string[]): Promise<Exit> {
    return spawn(...argv).exit();
  }

  async function fileFor(name: string, changes: Partial<CliPlanFile> = {}): Promise<string> {
    const file = path.join(folder, `${name}.${JSON.stringify(changes)}.yaml`);
    await writeFile(file, cliPlanFile({ name, namespace: 'llm', version: 'v2', ...changes }));
    return file;
  }

  const handleOf = (name: string) => temporal.client.workflow.getHandle(`rollout/default/llm/${name}`);

  function reaches(name: string, wanted: RolloutStatus): Promise<RolloutState> {
    return waitFor(`${name} to be ${wanted}`, async () => {
      const state = await handleOf(name).query(status);
      return state.status === wanted ? state : undefined;
    });
  }

  /** Starts a rollout and waits until it bakes at 1 %. */
  async function started(name: string, changes: Partial<CliPlanFile> = {}): Promise<string> {
    const file = await fileFor(name, changes);
    expect(await sluice('start', file)).toMatchObject({ code: 0, err: '' });
    await reaches(name, 'baking');
    return file;
  }

  test('start, then start again: the same plan joins, another is refused and hears who runs', async () => {
    const file = await started('joined');
    const again = await sluice('start', file, '--output', 'json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({
      type: 'joined',
      name: 'joined',
      namespace: 'llm',
      version: 'v2',
    });

    const other = await sluice('start', await fileFor('joined', { version: 'v3' }), '--by', 'bert');
    expect(other.code).toBe(2);
    expect(other.err).toContain('is being rolled out with another plan; nothing was changed');
    expect(other.err).toMatch(/version +v2\n +standing +phase 1 of 4, baking at 1 %/);
    expect(other.err).toMatch(/started by anna\n +since +\d{4}-/);
  });

  test('two started at the same moment become one rollout', async () => {
    const file = await fileFor('race');
    const exits = await Promise.all([1, 2].map(() => sluice('start', file, '--output', 'json')));
    const answers = exits.map(({ out }) => JSON.parse(out) as { type: string; runId: string });
    expect(answers.map(({ type }) => type).toSorted()).toEqual(['joined', 'started']);
    expect(answers[0]?.runId).toBe(answers[1]?.runId);
  });

  test('start --watch prints events as they come, and exits 0 when promoted', async () => {
    const watching = spawn('start', await fileFor('promoted'), '--watch');
    await watching.printed('phase 1: 1 %');
    for (const phase of [2, 3, 4]) {
      await reaches('promoted', 'baking');
      const advanced = await sluice('advance', 'promoted', ...place, '--reason', `to ${phase}`);
      expect(advanced).toMatchObject({ code: 0, err: '' });
      await watching.printed(`phase ${phase}:`);
    }
    await watching.printed('the old release is kept');
    expect(await sluice('advance', 'promoted', ...place)).toMatchObject({ code: 0 });
    const { code, out, err } = await watching.exit();
    expect(err).toBe('');
    expect(out).toContain('advance: to 2 (by anna)\n');
    expect(out).toMatch(/\npromoted: v2 is stable now\n/);
    expect(out.split('\n').filter((line) => line.includes('phase 2: 10 %'))).toHaveLength(1);
    expect(code).toBe(0);
    // Ended: nothing to watch but the end, nothing to abort.
    expect(await sluice('watch', 'promoted', ...place)).toMatchObject({ code: 0 });
    expect(await sluice('abort', 'promoted', ...place)).toMatchObject({ code: 3 });
    expect(await sluice('advance', 'promoted', ...place)).toMatchObject({ code: 3 });
  });

  test('abort puts the traffic back; whoever watches exits with 11', async () => {
    await started('aborted');
    const watching = spawn('watch', 'aborted', ...place, '--output', 'json');
    await watching.printed('"what":"phase 1: 1 %"');
    const aborted = await sluice('abort', 'aborted', ...place, '--reason', 'wrong language');
    expect(aborted.code).toBe(0);
    const { code, out } = await watching.exit();
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({
      type: 'ended',
      outcome: { status: 'rolledBack', reason: 'abort', sentence: 'aborted by anna: wrong language' },
      exitCode: 11,
    });
    expect(code).toBe(11);
  });

  test('held past its limit: 12', async () => {
    await started('held', { holdLimit: '1s' });
    const watching = spawn('watch', 'held', ...place);
    await watching.printed('phase 1: 1 %');
    expect(await sluice('hold', 'held', ...place, '--reason', 'lunch')).toMatchObject({ code: 0 });
    expect(await watching.exit()).toMatchObject({ code: 12 });
  });

  test('an order that the rollout refuses: 2, with its reason', async () => {
    await started('refused');
    const { code, err } = await sluice('approve', 'refused', ...place);
    expect(err).toContain('The rollout refused in llm refuses to approve: cannot approve while baking');
    expect(code).toBe(2);
  });

  test('Ctrl-C, SIGTERM and SIGKILL end watching, not the rollout', async () => {
    const file = await started('watched');
    for (const [signal, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 130],
      ['SIGKILL', null],
    ] as const) {
      const watching = spawn('start', file, '--watch');
      await watching.printed('phase 1: 1 %');
      watching.kill(signal);
      const { code, err } = await watching.exit();
      expect(code).toBe(expected);
      if (expected !== null) expect(err).toContain('sluice abort watched -n llm');
    }
    expect(await handleOf('watched').query(status)).toMatchObject({ status: 'baking', phase: 0 });
  });

  test('list shows what runs and what has ended', async () => {
    await started('listed');
    const { out } = await waitFor('the rollout to be listed', async () => {
      const exit = await sluice('list', ...place, '--output', 'json');
      return exit.out.includes('"listed"') ? exit : undefined;
    });
    const rows = JSON.parse(out) as { name: string }[];
    expect(rows.find(({ name }) => name === 'listed')).toMatchObject({
      namespace: 'llm',
      cluster: 'default',
      version: 'v2',
      startedBy: 'anna',
      standing: 'running',
      phase: 1,
      weightPercent: 1,
      endedAtMs: null,
    });
    expect((await sluice('list', ...place)).out).toMatch(/listed +\S+ +default +v2 +phase 1 +1 % /);
  });

  test('one that is not there: 3', async () => {
    for (const argv of [['status'], ['watch'], ['abort'], ['advance'], ['hold'], ['resume'], ['approve']]) {
      const { code, err } = await sluice(...argv, 'absent', ...place);
      expect(err).toContain('There is no rollout absent in llm');
      expect(code).toBe(3);
    }
  });

  test('terminated in Temporal: 1, and says that nobody rolled anything back', async () => {
    await started('terminated');
    const watching = spawn('watch', 'terminated', ...place);
    await watching.printed('phase 1: 1 %');
    await handleOf('terminated').terminate('by hand');
    const { code, out } = await watching.exit();
    expect(out).toContain('ended without an outcome: by hand');
    expect(out).toContain('Nobody rolled anything back');
    expect(code).toBe(1);
  });

  test('started from elsewhere, without a memo: joined by its plan', async () => {
    const file = await fileFor('foreign');
    const { out } = await sluice('check', file, '--output', 'json');
    const { plan } = JSON.parse(out) as { plan: unknown };
    await temporal.client.workflow.start(rolloutWorkflowType, {
      taskQueue: temporal.taskQueue,
      workflowId: 'rollout/default/llm/foreign',
      args: [{ plan, startedBy: 'the UI' }],
    });
    const joined = await sluice('start', file, '--output', 'json');
    expect(JSON.parse(joined.out)).toMatchObject({ type: 'joined' });
  });

  test('without a worker: start and abort work, watch waits, other orders send nothing', async () => {
    const file = await started('alone');
    const watching = spawn('watch', 'alone', ...place);
    await watching.printed('phase 1: 1 %');
    await temporal.stopWorker();
    try {
      await watching.printed('no answer from the worker for');
      expect(await sluice('start', file)).toMatchObject({ code: 0 });
      const other = await sluice('start', await fileFor('alone', { version: 'v3' }));
      expect(other.code).toBe(2);
      expect(other.err).toMatch(
        /version +v2\n +standing +no worker answers where it stands\n +started by anna/,
      );
      const advanced = await sluice('advance', 'alone', ...place);
      expect(advanced.err).toContain('nothing was sent');
      expect(advanced.code).toBe(1);
      const aborted = await sluice('abort', 'alone', ...place);
      expect(aborted.out).toContain('Temporal has the order');
      expect(aborted.code).toBe(0);
    } finally {
      await temporal.startWorker();
    }
    const { code, out } = await watching.exit();
    expect(out).toContain('an answer again after');
    expect(code).toBe(11);
  });

  test('Temporal away: 1, where it was looked for, and what to set', async () => {
    const absent = new CliProcess(['list'], { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' });
    const { code, err } = await absent.exit();
    expect(err).toContain('Temporal does not answer at 127.0.0.1:1');
    expect(err).toContain('TEMPORAL_ADDRESS');
    expect(code).toBe(1);
  });

  test('a namespace that Temporal does not have: 1, and names it', async () => {
    const lost = new CliProcess(['status', 'x'], { ...env, TEMPORAL_NAMESPACE: 'absent' });
    const { code, err } = await lost.exit();
    expect(err).toContain(`Temporal at ${temporal.address} has no namespace absent`);
    expect(code).toBe(1);
  });

  test('a Temporal that does not know the search attributes: it starts, and says how to add them', async () => {
    const bare = await RolloutsInTemporal.open({ searchAttributes: false });
    try {
      const elsewhere = { ...env, TEMPORAL_NAMESPACE: bare.namespace };
      const { code, err } = await new CliProcess(['start', await fileFor('bare')], elsewhere).exit();
      expect(err).toContain('temporal operator search-attribute create');
      expect(err).toContain('--name SluiceWeight --type Double');
      expect(code).toBe(0);
    } finally {
      await bare.remove();
    }
  });
});
