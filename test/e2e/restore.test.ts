import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { startLoad } from '../../dev/load/run.ts';
import { applyObjects } from '../../dev/cluster/objects.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import { HttpRouteTraffic } from '../../src/adapters/gateway-api/http-route-traffic.ts';
import { openKubernetesApi } from '../../src/adapters/kubernetes-api/api.ts';
import type { FenceOnRoute } from '../../src/domain/rollout/fence.ts';
import type { RolloutOutcome, RolloutState } from '../../src/domain/rollout/state.ts';
import { status } from '../../src/workflows/messages.ts';
import { CliProcess, type Exit } from '../support/cli-process.ts';
import { HalfDoneRollout, temporaryFolder } from '../support/half-done-rollout.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { namespaceObjects } from '../support/namespace-objects.ts';
import { standinRelease } from '../support/releases.ts';
import { sendMany } from '../support/requests.ts';
import { testAddresses } from '../support/test-platform.ts';
import { WorkerProcess } from '../support/worker-process.ts';

const { KUBECONFIG, TEMPORAL_ADDRESS, PROMETHEUS_URL } = testAddresses();
const minute = 60_000;

/** `sluice restore` as a process that could not reach Temporal if it tried. */
describe('sluice restore', () => {
  const taskQueue = `restore-${randomBytes(3).toString('hex')}`;
  const env = { ...process.env, KUBECONFIG, TEMPORAL_ADDRESS, SLUICE_TASK_QUEUE: taskQueue, CI: 'true' };
  const workers: WorkerProcess[] = [];
  let connection: Connection;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: ServiceUnderTest;
  let file: string;
  let place: readonly string[];
  let before: Record<string, string>;

  beforeAll(async () => {
    connection = await Connection.connect({ address: TEMPORAL_ADDRESS });
    folder = await temporaryFolder();
  }, minute);
  afterAll(async () => {
    await connection.close();
    await folder.remove();
  }, minute);

  beforeEach(async () => {
    service = await deployService('restore', { canary: false });
    const { namespace, cluster } = service;
    await applyObjects(cluster.objects, [autoscaler(namespace)]);
    file = await folder.write(`${namespace}.yaml`, rolloutFile(namespace));
    place = ['-n', namespace];
    before = await namespaceObjects(cluster.config, namespace);
  }, 3 * minute);
  afterEach(async () => {
    for (const worker of workers.splice(0)) {
      worker.kill('SIGKILL');
      await worker.exit();
    }
    await service.remove();
  }, 2 * minute);

  const objects = () => namespaceObjects(service.cluster.config, service.namespace);
  const sluice = (...argv: readonly string[]): Promise<Exit> => new CliProcess(argv, env).exit();
  const restore = (...argv: readonly string[]): Promise<Exit> =>
    new CliProcess(['restore', ...argv], { ...env, TEMPORAL_ADDRESS: '127.0.0.1:9' }).exit();

  async function startWorker(): Promise<WorkerProcess> {
    const worker = new WorkerProcess(env);
    workers.push(worker);
    await worker.isReady();
    return worker;
  }

  const handle = () => {
    const client = new Client({ connection });
    return client.workflow.getHandle(`rollout/default/${service.namespace}/llama`);
  };

  /** Starts the rollout, and waits until it bakes at 50 %. */
  async function startAndReachHalf(): Promise<void> {
    expect(await sluice('start', file)).toMatchObject({ code: 0 });
    await reaches(({ status: now, weightPercent }) => now === 'baking' && weightPercent === 50);
  }

  async function reaches(wanted: (state: RolloutState) => boolean): Promise<RolloutState> {
    let seen = '';
    return waitFor(
      'the rollout to get there',
      async () => {
        const state = await handle()
          .query(status)
          .catch((error: unknown) => String(error));
        seen = JSON.stringify(state);
        return typeof state !== 'string' && wanted(state) ? state : undefined;
      },
      { timeoutMs: 2 * minute, seen: () => seen },
    );
  }

  async function readFence(): Promise<FenceOnRoute | null> {
    const { target } = new HalfDoneRollout(service, standinRelease('v2'));
    const traffic = new HttpRouteTraffic(openKubernetesApi(service.cluster.config));
    return (await traffic.read(target)).fence;
  }

  test(
    'the worker died at 50 %: as before the rollout, no request fails, and the worker that comes back is refused',
    async () => {
      const { gateway, host } = service;
      const first = await startWorker();
      await startAndReachHalf();
      first.kill('SIGKILL');
      await first.exit();
      const load = startLoad({ url: gateway, headers: { host }, model: 'llama', ratePerSecond: 10 });

      const restored = await restore(file, '--yes');
      expect(restored).toMatchObject({ code: 0, err: '' });
      expect(restored.out).toContain(`sluice abort llama ${place.join(' ')}`);
      const { total, examples } = await load.stop();
      expect({ failed: total.failed, examples }).toEqual({ failed: 0, examples: {} });
      expect(await objects()).toEqual(before);
      expect(await sendMany(gateway, host, 100)).toEqual({ arms: { stable: 100 }, statuses: { 200: 100 } });

      const fence = await readFence();
      expect(fence).toMatchObject({ released: true });
      const again = await restore(file, '--yes');
      expect(again).toMatchObject({ code: 0, err: '' });
      expect(again.out).toContain('Nothing to restore');
      expect(await objects()).toEqual(before);

      await startWorker();
      await reaches(({ status: now }) => now === 'holding');
      expect(await sluice('advance', 'llama', ...place, '--reason', 'a test')).toMatchObject({ code: 0 });
      const outcome = (await handle().result()) as RolloutOutcome;
      expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'error' });
      expect(outcome.sentence).toContain('has ended here');
      expect(await readFence()).toEqual(fence);
      expect(await objects()).toEqual(before);
    },
    8 * minute,
  );

  test(
    'beside a worker that lives: found by its marks; after an abort the next rollout starts',
    async () => {
      await startWorker();
      await startAndReachHalf();

      const restored = await restore(...place, '--yes', '--output', 'json');
      expect(restored.code).toBe(0);
      expect(JSON.parse(restored.out)).toMatchObject({
        result: 'restored',
        route: 'llm',
        deployment: 'vllm',
        service: 'vllm',
        port: 8000,
        canaryWeightPercent: 50,
      });
      expect(await objects()).toEqual(before);

      expect(await sluice('abort', 'llama', ...place, '--reason', 'restored by hand')).toMatchObject({
        code: 0,
      });
      expect(await handle().result()).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
      expect(await objects()).toEqual(before);

      await startAndReachHalf();
      expect(await sluice('abort', 'llama', ...place, '--reason', 'a test')).toMatchObject({ code: 0 });
      expect(await handle().result()).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
      expect(await objects()).toEqual(before);
    },
    8 * minute,
  );
});

/** Without metrics it never scales; a rollout pins it all the same. */
function autoscaler(namespace: string) {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'vllm', namespace },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'vllm' },
      minReplicas: 1,
      maxReplicas: 4,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 90 } },
        },
      ],
    },
  };
}

function rolloutFile(namespace: string): string {
  return `apiVersion: sluice.dev/v1alpha1
kind: Rollout
metadata: { name: llama, namespace: ${namespace} }
spec:
  workload: { kind: Deployment, name: vllm }
  service: { name: vllm, port: 8000 }
  router: { kind: HTTPRoute, name: llm }
  release:
    version: v2
    patch: { spec: { containers: [{ name: vllm, env: [{ name: ARM, value: v2 }] }] } }
  phases:
    - { weight: 50, bake: 1h, gates: [] }
    - { weight: 100, bake: 0s }
  guards: []
  metrics:
    prometheus: { url: '${PROMETHEUS_URL}' }
`;
}
