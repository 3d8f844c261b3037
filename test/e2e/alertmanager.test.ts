import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { waitFor } from '../../dev/cluster/wait.ts';
import { testPrograms } from '../../dev/tools/catalogue.ts';
import { installMissingPrograms } from '../../dev/tools/debian.ts';
import type { RolloutOutcome, RolloutState } from '../../src/domain/rollout/state.ts';
import { rolloutWorkflowType, status } from '../../src/workflows/messages.ts';
import { AlertmanagerProcess } from '../support/alertmanager.ts';
import { CliProcess } from '../support/cli-process.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { openGate, type TcpGate } from '../support/tcp-gate.ts';
import { testAddresses } from '../support/test-platform.ts';
import { WorkerProcess } from '../support/worker-process.ts';

const { KUBECONFIG, TEMPORAL_ADDRESS, PROMETHEUS_URL } = testAddresses();
const hour = 3_600_000;
const patience = { timeoutMs: 120_000 };

/** The examples of docs/alerts.md, in order. */
async function documented(): Promise<unknown[]> {
  const page = await readFile(path.resolve(import.meta.dirname, '../../docs/alerts.md'), 'utf8');
  return [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, block = '']) => parse(block) as unknown);
}

interface AlertmanagerConfig {
  readonly route: { readonly routes: object[] };
  readonly receivers: { name: string; webhook_configs?: { url: string; http_config: object }[] }[];
}

describe('a real Alertmanager, set up as documented, and a worker', () => {
  let folder: string;
  let tokenFile: string;
  let service: ServiceUnderTest;
  let gate: TcpGate;
  let client: Client;
  let worker: WorkerProcess;
  let alertmanager: AlertmanagerProcess | null = null;
  const env = {
    ...process.env,
    KUBECONFIG,
    TEMPORAL_ADDRESS,
    SLUICE_TASK_QUEUE: `alerts-${randomBytes(3).toString('hex')}`,
    SLUICE_SHUTDOWN_GRACE: '500ms',
  };

  beforeAll(async () => {
    await installMissingPrograms(() => undefined, testPrograms);
    folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-alerts-'));
    tokenFile = path.join(folder, 'token');
    await writeFile(tokenFile, `${randomBytes(16).toString('hex')}\n`);
    gate = await openGate(TEMPORAL_ADDRESS);
    client = new Client({ connection: await Connection.connect({ address: TEMPORAL_ADDRESS }) });
    service = await deployService('alerts', { canary: false });
    worker = new WorkerProcess({
      ...env,
      TEMPORAL_ADDRESS: gate.address,
      SLUICE_WEBHOOK_TOKEN_FILE: tokenFile,
    });
    await worker.isReady();
  });
  afterEach(async () => {
    await alertmanager?.stop();
    alertmanager = null;
  });
  afterAll(async () => {
    worker.kill('SIGKILL');
    await worker.exit();
    await service.remove();
    await client.connection.close();
    await gate.close();
    await rm(folder, { recursive: true });
  });

  /** As documented, but for the address of the worker, the file of the token, and times. */
  async function startAlertmanager(changes: { tokenFile?: string } = {}): Promise<AlertmanagerProcess> {
    const url = await waitFor('the worker to listen', () =>
      Promise.resolve(
        worker.log.find((line) => typeof line['url'] === 'string')?.['url'] as string | undefined,
      ),
    );
    const [config] = (await documented()) as [AlertmanagerConfig];
    for (const { webhook_configs: hooks = [] } of config.receivers) {
      for (const hook of hooks) {
        expect(hook.url).toMatch(/^http:\/\/[^/]+\/alerts$/);
        hook.url = `${url}/alerts`;
        hook.http_config = { authorization: { credentials_file: changes.tokenFile ?? tokenFile } };
      }
    }
    for (const route of config.route.routes)
      Object.assign(route, { group_interval: '1s', repeat_interval: '1s' });
    alertmanager = await AlertmanagerProcess.start(config);
    return alertmanager;
  }

  /** What the three parts say, for tests that fail. */
  const seen = (state?: RolloutState) =>
    JSON.stringify({ status: state?.status, events: state?.events, outcome: state?.outcome }) +
    `\nworker:\n${worker.output}\nalertmanager:\n${alertmanager?.log.slice(-4000)}`;

  /** How many alerts came to this result so far. */
  async function counted(result: string): Promise<number> {
    const { text } = await worker.get('/metrics');
    return Number(
      new RegExp(`^sluice_alerts_total\\{result="${result}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0,
    );
  }

  async function countRises(result: string, by: number): Promise<void> {
    const before = await counted(result);
    const look = async () => ((await counted(result)) >= before + by ? true : undefined);
    await waitFor(`${by} more alerts to be ${result}`, look, { ...patience, seen: () => seen() });
  }

  async function sluice(...argv: readonly string[]): Promise<string> {
    const { code, out, err } = await new CliProcess(argv, env).exit();
    if (code !== 0) throw new Error(`sluice ${argv.join(' ')} ends with ${code}:\n${out}${err}`);
    return out;
  }

  /** Starts a rollout that bakes at 10 % for an hour, and waits for that. */
  async function startRollout(name: string) {
    const file = path.join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify(rolloutFile(name, service.namespace)));
    const place = ['-n', service.namespace];
    await sluice('start', file);
    const handle = client.workflow.getHandle<() => Promise<RolloutOutcome>>(
      `rollout/default/${service.namespace}/${name}`,
    );
    const reaches = async (what: string, isIt: (state: RolloutState) => boolean): Promise<RolloutState> => {
      let last: RolloutState | undefined;
      const look = async () => {
        last = await handle.query(status);
        return isIt(last) ? last : undefined;
      };
      return waitFor(`${name} to be ${what}`, look, { ...patience, seen: () => seen(last) });
    };
    await reaches('baking', (state) => state.status === 'baking');
    const alert = (alertname: string, labels: Record<string, string>, startsAt: Date) => ({
      labels: { alertname, sluice_rollout: name, namespace: service.namespace, ...labels },
      annotations: { summary: `${alertname} in a test`, runbook: 's3cret' },
      startsAt,
      endsAt: new Date(Date.now() + hour),
    });
    return { handle, reaches, alert, place };
  }

  test('an alert aborts the rollout; one that began before it does not', async () => {
    const { handle, alert, reaches } = await startRollout('to-abort');
    const prometheus = await startAlertmanager();
    await prometheus.send(alert('LongBefore', {}, new Date(Date.now() - hour)));
    await countRises('older', 1);
    expect((await reaches('baking', ({ outcome }) => outcome === null)).status).toBe('baking');

    await prometheus.send(alert('VllmErrors', {}, new Date()));
    const outcome = await handle.result();
    expect(outcome).toMatchObject({
      status: 'rolledBack',
      reason: 'abort',
      sentence: 'aborted by alertmanager: VllmErrors: VllmErrors in a test',
      leftToDo: [],
    });
    // Alertmanager repeats it: there is nothing left to abort.
    await countRises('noRollout', 2);
    expect(worker.output).not.toContain('s3cret');
  }, 300_000);

  test('an alert holds the rollout once: its repeats do not hold it again when a person goes on', async () => {
    const { handle, reaches, alert, place } = await startRollout('to-hold');
    const prometheus = await startAlertmanager();
    const first = alert('VllmPreempts', { sluice_action: 'hold' }, new Date());
    await prometheus.send(first);
    const isHeld = (state: RolloutState) => state.status === 'holding';
    expect(await reaches('held', isHeld)).toMatchObject({
      holdReason: 'alertmanager: VllmPreempts: VllmPreempts in a test',
      weightPercent: 10,
    });
    await countRises('held', 2);

    expect(await sluice('resume', 'to-hold', ...place, '--by', 'ann', '--reason', 'seen')).toContain(
      'resumed',
    );
    const isBaking = (state: RolloutState) => state.status === 'baking';
    await reaches('baking', isBaking);
    await countRises('seen', 2);
    const resumed = await reaches('baking', isBaking);
    const orders = resumed.events.flatMap(({ what, by }) =>
      /^(hold|resume)/.test(what) ? [`${by}: ${what}`] : [],
    );
    expect(orders).toEqual(['alertmanager: hold: VllmPreempts: VllmPreempts in a test', 'ann: resume: seen']);

    // It ends, and begins anew.
    const endsAt = new Date();
    await prometheus.send({ ...first, endsAt });
    await prometheus.send({ ...first, startsAt: new Date(endsAt.getTime() + 1) });
    await reaches('held again', isHeld);
    await sluice('abort', 'to-hold', ...place, '--by', 'ann', '--reason', 'the test is over');
    expect(await handle.result()).toMatchObject({ status: 'rolledBack', leftToDo: [] });
  }, 300_000);

  test('while Temporal is away an alert waits at Alertmanager, and aborts when it is back', async () => {
    const { handle, alert } = await startRollout('to-abort-later');
    const prometheus = await startAlertmanager();
    gate.shut();
    try {
      await prometheus.send(alert('VllmErrors', {}, new Date()));
      // The second time is Alertmanager's own doing.
      await countRises('unanswered', 2);
      await prometheus.logged('unexpected status code 503');
    } finally {
      gate.open();
    }
    expect(await handle.result()).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
  }, 300_000);

  test('a rollout of another task queue is left alone', async () => {
    const name = 'of-others';
    const workflowId = `rollout/default/${service.namespace}/${name}`;
    // No worker takes it: all that is in its history comes from outside.
    const taskQueue = `${env.SLUICE_TASK_QUEUE}-of-others`;
    const handle = await client.workflow.start(rolloutWorkflowType, { taskQueue, workflowId, args: [] });
    const prometheus = await startAlertmanager();
    const labels = { alertname: 'VllmErrors', sluice_rollout: name, namespace: service.namespace };
    const startsAt = new Date();
    await prometheus.send({ labels, startsAt, endsAt: new Date(startsAt.getTime() + hour) });
    await countRises('noRollout', 2);
    const { events } = await handle.fetchHistory();
    expect(events?.map(({ eventId }) => Number(eventId))).toEqual([1, 2]);
    expect(worker.output).toContain(`it belongs to the workers of task queue ${taskQueue}`);
    await handle.terminate();
  });

  test('without the worker’s token no alert gets through', async () => {
    const other = path.join(folder, 'other-token');
    await writeFile(other, 'a-token-of-somebody-else');
    const prometheus = await startAlertmanager({ tokenFile: other });
    const labels = { alertname: 'VllmErrors', sluice_rollout: 'to-abort', namespace: service.namespace };
    const startsAt = new Date();
    await prometheus.send({ labels, startsAt, endsAt: new Date(startsAt.getTime() + hour) });
    await countRises('unauthorized', 1);
    await prometheus.logged('unexpected status code 401');
  });

  test('the documented rules are good ones', async () => {
    const [, rule] = (await documented()) as [unknown, { spec: object }];
    const file = path.join(folder, 'rules.yaml');
    await writeFile(file, stringify(rule.spec));
    const { exitCode, all } = await execa('promtool', ['check', 'rules', file], { reject: false, all: true });
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: expect.stringContaining('2 rules found') });
  });
});

function rolloutFile(name: string, namespace: string): object {
  return {
    apiVersion: 'sluice.dev/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace },
    spec: {
      workload: { kind: 'Deployment', name: 'vllm' },
      service: { name: 'vllm', port: 8000 },
      router: { kind: 'HTTPRoute', name: 'llm' },
      release: {
        version: 'v2',
        patch: { spec: { containers: [{ name: 'vllm', env: [{ name: 'ARM', value: 'canary' }] }] } },
      },
      phases: [
        { weight: 10, bake: '1h' },
        { weight: 100, bake: '0s' },
      ],
      metrics: { prometheus: { url: PROMETHEUS_URL } },
    },
  };
}
