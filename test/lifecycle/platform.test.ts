import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CoreV1Api } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import { applyObjects, openCluster } from '../../dev/cluster/objects.ts';
import { exampleVllm } from '../../dev/cluster/vllm.ts';
import { waitFor, waitForDeployment } from '../../dev/cluster/wait.ts';
import { findBox, processesInBox } from '../../dev/platform/box.ts';
import { embeddedAddresses } from '../../dev/platform/external.ts';
import { pathsOf } from '../../dev/platform/settings.ts';
import { differences, processesOf, readMachine, type MachineState } from '../support/machine.ts';
import { platformCommand } from '../support/platform-command.ts';
import { scratchSettings } from '../support/test-platform.ts';

const settings = scratchSettings();
const env = { SLUICE_PLATFORM: String(settings.number) };
const addresses = embeddedAddresses(settings);
const run = (...args: string[]) => platformCommand(args, env);

const note = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'note', namespace: 'default' },
  data: { is: 'kept' },
};

describe('an embedded platform', () => {
  let before: MachineState;

  beforeAll(async () => {
    await run('down');
    before = await readMachine();
  });
  afterAll(() => run('down'));

  const kubernetes = () => openCluster(addresses.KUBECONFIG);
  const readNote = () =>
    kubernetes()
      .config.makeApiClient(CoreV1Api)
      .readNamespacedConfigMap({ name: 'note', namespace: 'default' });

  const up = async () => {
    const { exitCode, text } = await run('up');
    if (exitCode !== 0) throw new Error(`up failed:\n${text}`);
    return text;
  };

  async function killEverything(): Promise<void> {
    const box = await findBox(settings);
    if (box === undefined) throw new Error('there is no box to kill');
    const all = [
      ...(await processesInBox(box)),
      ...(await processesOf(settings.name, settings.stateFolder)).map((it) => parseInt(it)),
    ];
    for (const pid of new Set(all)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    await waitFor('the box to be gone', async () =>
      (await findBox(settings)) === undefined ? true : undefined,
    );
  }

  async function expectNothingLeft(): Promise<void> {
    let left: string[] = [];
    const look = async () => {
      left = [
        ...differences(before, await readMachine()),
        ...(await processesOf(settings.name, settings.stateFolder)),
      ];
      return left.length === 0 ? true : undefined;
    };
    // The kernel ends namespaces a moment after their last process.
    await waitFor('the machine to be as it was', look, { timeoutMs: 10_000, seen: () => left.join('\n') });
  }

  test('up, and up again: all parts are healthy, and status says so', async () => {
    await up();
    const box = await findBox(settings);
    await up();
    expect(await findBox(settings)).toBe(box);
    const { exitCode, text } = await run('status', '--output', 'json');
    expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(text)).toMatchObject({ up: true, healthy: true });
  });

  test('env prints export lines that a shell can use', async () => {
    const { text } = await run('env');
    const names = text.split('\n').map((line) => /^export ([A-Z_]+)='.+'$/.exec(line)?.[1]);
    expect(names).toEqual([
      'KUBECONFIG',
      'TEMPORAL_ADDRESS',
      'TEMPORAL_UI_URL',
      'PROMETHEUS_URL',
      'GATEWAY_URL',
      'PATH',
    ]);
  });

  test('a part that dies is started again', async () => {
    const schedulers = async () =>
      (await processesOf(settings.name, settings.stateFolder)).filter((it) =>
        /^\d+ kube-scheduler\0/.test(it),
      );
    const [first] = await schedulers();
    process.kill(parseInt(first ?? ''), 'SIGKILL');
    await waitFor('another scheduler', async () => {
      const [now] = await schedulers();
      return now !== undefined && now !== first ? true : undefined;
    });
    let seen = '';
    const healthy = async () => {
      const status = await run('status');
      seen = status.text;
      return status.exitCode === 0 ? true : undefined;
    };
    await waitFor('all parts to be healthy', healthy, { timeoutMs: 30_000, seen: () => seen });
  });

  test('SIGKILL of every process: up starts it again, and its data is there', async () => {
    const cluster = kubernetes();
    await applyObjects(cluster.objects, [note, ...(await exampleVllm('llm'))]);
    await waitForDeployment(cluster.config, 'llm', 'vllm');
    const connection = await Connection.connect({ address: addresses.TEMPORAL_ADDRESS });
    await new Client({ connection }).workflow.start('none', { taskQueue: 'none', workflowId: 'kept' });
    await connection.close();

    await killEverything();
    await up();

    expect((await readNote()).data).toEqual({ is: 'kept' });
    const again = await Connection.connect({ address: addresses.TEMPORAL_ADDRESS });
    expect((await new Client({ connection: again }).workflow.getHandle('kept').describe()).status.name).toBe(
      'RUNNING',
    );
    await again.close();
    await waitForDeployment(kubernetes().config, 'llm', 'vllm');
    const url = `${addresses.GATEWAY_URL ?? ''}/v1/models`;
    await waitFor('the service to answer', async () =>
      (await fetch(url)).status === 200 ? true : undefined,
    );
  });

  test('after a restart of the machine up begins anew', async () => {
    await killEverything();
    await writeFile(pathsOf(settings).boot, 'another boot\n');
    expect(await up()).toContain('the machine was restarted since the last start: the platform begins anew');
    await expect(readNote()).rejects.toMatchObject({ code: 404 });
  });

  test('down leaves the machine as it was', async () => {
    expect((await run('down')).exitCode).toBe(0);
    await expectNothingLeft();
    expect((await run('status')).exitCode).toBe(3);
  });

  test('down after SIGKILL of every process leaves the machine as it was', async () => {
    await up();
    await killEverything();
    expect((await run('down')).exitCode).toBe(0);
    await expectNothingLeft();
  });

  test('two ups at once: one waits, both end well', async () => {
    const both = await Promise.all([run('up'), run('up')]);
    expect(both.map((it) => it.exitCode)).toEqual([0, 0]);
    const waited = both.filter((it) =>
      it.text.includes(`another command works on platform ${settings.number}`),
    );
    expect(waited).toHaveLength(1);
    await run('down');
  });

  test('a part that cannot start is named, with the end of its log', async () => {
    const { data } = pathsOf(settings);
    await up();
    await killEverything();
    // etcd finds a file where its folder should be.
    await rm(path.join(data, 'etcd/member'), { recursive: true });
    await writeFile(path.join(data, 'etcd/member'), '');
    const { exitCode, text } = await run('up');
    expect(exitCode).toBe(1);
    expect(text).toMatch(/etcd died \d times/);
    expect(text).toMatch(/logs\/etcd\/current ends with:\n.*member/s);
    expect(text).toContain('kube-apiserver was not started: it needs etcd');
    await run('down');
    await expectNothingLeft();
  });
});
