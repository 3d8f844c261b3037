import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../../dev/cluster/wait.ts';
import { CliProcess, type Exit } from '../support/cli-process.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { testAddresses } from '../support/test-platform.ts';
import { WorkerProcess } from '../support/worker-process.ts';

const { KUBECONFIG, TEMPORAL_ADDRESS, PROMETHEUS_URL } = testAddresses();

describe('the worker process', () => {
  const taskQueue = `worker-${randomBytes(3).toString('hex')}`;
  const env = {
    ...process.env,
    KUBECONFIG,
    TEMPORAL_ADDRESS,
    SLUICE_TASK_QUEUE: taskQueue,
    SLUICE_SHUTDOWN_GRACE: '500ms',
  };
  const started: WorkerProcess[] = [];

  function startWorker(changes: NodeJS.ProcessEnv = {}): WorkerProcess {
    const worker = new WorkerProcess({ ...env, ...changes });
    started.push(worker);
    return worker;
  }

  afterEach(async () => {
    for (const worker of started.splice(0)) {
      worker.kill('SIGKILL');
      await worker.exit();
    }
  });

  test('becomes ready, serves metrics of its own and of the SDK, and ends with 0 on SIGTERM', async () => {
    // Bundles its workflows by itself, as outside of the image.
    const worker = startWorker({ SLUICE_WORKFLOW_BUNDLE: undefined });
    await worker.isReady();
    const { text } = await worker.get('/metrics');
    expect(text).toContain('# TYPE sluice_rollouts_total counter');
    expect(text).toMatch(/^temporal_num_pollers\{.*activity_task.*\} \d+/m);
    worker.kill('SIGTERM');
    expect(await worker.exit()).toBe(0);
    expect(worker.log.at(-1)).toMatchObject({ level: 'info', msg: 'the worker has ended' });
  });

  test('Temporal away: alive, not ready and says why; SIGTERM ends it all the same', async () => {
    const worker = startWorker({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
    await worker.logged('Temporal does not answer; trying on');
    expect(await worker.get('/livez')).toMatchObject({ status: 200 });
    const { status, text } = await worker.get('/readyz');
    expect(status).toBe(503);
    expect(text).toContain('the worker has not started');
    worker.kill('SIGTERM');
    expect(await worker.exit()).toBe(0);
  });

  test('the API server away: polls, is not ready, and says why', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-worker-'));
    const file = path.join(folder, 'config');
    const cluster = { server: 'https://127.0.0.1:1', 'insecure-skip-tls-verify': true };
    await writeFile(
      file,
      JSON.stringify({
        'current-context': 'gone',
        clusters: [{ name: 'gone', cluster }],
        users: [{ name: 'gone', user: {} }],
        contexts: [{ name: 'gone', context: { cluster: 'gone', user: 'gone' } }],
      }),
    );
    const worker = startWorker({ KUBECONFIG: file });
    await worker.logged('the API server does not answer');
    await worker.logged('Worker state changed');
    const reasons = await waitFor('the worker to poll', async () => {
      const answer = JSON.parse((await worker.get('/readyz')).text) as { reasons: string[] };
      return answer.reasons.some((reason) => reason.includes('worker')) ? undefined : answer.reasons;
    });
    expect(reasons).toEqual([expect.stringMatching(/^the API server does not answer: /)]);
    await rm(folder, { recursive: true });
  });

  test('settings that are wrong: 2, and every one of them by name', async () => {
    const worker = startWorker({
      SLUICE_LOG_LEVEL: 'loud',
      SLUICE_SHUTDOWN_GRACE: 'soon',
      KUBECONFIG: '/nowhere',
    });
    expect(await worker.exit()).toBe(2);
    expect(worker.output).toContain('SLUICE_LOG_LEVEL must be trace, debug, info, warn, error: found loud');
    expect(worker.output).toContain('SLUICE_SHUTDOWN_GRACE must be');
    expect(worker.output).toContain('KUBECONFIG must be');
  });

  describe('with a rollout that bakes', () => {
    let service: ServiceUnderTest;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-worker-'));
      service = await deployService('worker', { canary: false });
    });
    afterAll(async () => {
      await service.remove();
      await rm(folder, { recursive: true });
    });

    const sluice = (...argv: readonly string[]): Promise<Exit> => new CliProcess(argv, env).exit();

    test('a worker that stops, or is made to, leaves it to the next one at the same weight', async () => {
      const file = path.join(folder, 'rollout.yaml');
      await writeFile(file, rolloutFile(service.namespace));
      const place = ['-n', service.namespace];
      const first = startWorker();
      await first.isReady();
      expect(await sluice('start', file)).toMatchObject({ code: 0 });
      const watching = new CliProcess(['watch', 'vllm', ...place], env);
      await watching.printed('baking at 10 %');

      // Its guard would go on for ever: after the grace it is ended, and 0 all the same.
      first.kill('SIGTERM');
      expect(await first.exit()).toBe(0);

      const patient = startWorker({ SLUICE_SHUTDOWN_GRACE: '10m' });
      await waitFor('the guard to go on', async () => {
        const { text } = await patient.get('/metrics');
        return /^temporal_worker_task_slots_used\{.*ActivityWorker.*\} 1$/m.exec(text) ?? undefined;
      });
      patient.kill('SIGTERM');
      await patient.logged('the worker stops');
      expect(await patient.get('/readyz')).toMatchObject({
        status: 503,
        text: expect.stringContaining('stopping'),
      });
      patient.kill('SIGINT');
      expect(await patient.exit()).toBe(1);

      await startWorker().isReady();
      const { out } = await sluice('status', 'vllm', ...place, '--output', 'json');
      expect(JSON.parse(out)).toMatchObject({ status: 'baking', weightPercent: 10, outcome: null });
      expect(await sluice('abort', 'vllm', ...place, '--by', 'anna', '--reason', 'a test')).toMatchObject({
        code: 0,
      });
      const watched = await watching.exit();
      expect(watched.out).toContain('rolled back: aborted by anna: a test');
      expect(watched.code).toBe(11);
    });
  });
});

function rolloutFile(namespace: string): string {
  return `apiVersion: sluice.dev/v1alpha1
kind: Rollout
metadata: { name: vllm, namespace: ${namespace} }
spec:
  workload: { kind: Deployment, name: vllm }
  service: { name: vllm, port: 8000 }
  router: { kind: HTTPRoute, name: llm }
  release:
    version: v2
    patch: { spec: { containers: [{ name: vllm, env: [{ name: ARM, value: canary }] }] } }
  phases:
    - { weight: 10, bake: 1h }
    - { weight: 100, bake: 0s }
  metrics:
    prometheus: { url: '${PROMETHEUS_URL}' }
`;
}
