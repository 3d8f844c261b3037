import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { AuthorizationV1Api, RbacAuthorizationV1Api, type V1Role } from '@kubernetes/client-node';
import { applyObjects } from '../../dev/cluster/objects.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import { startLoad, type RunningLoad } from '../../dev/load/run.ts';
import type { RolloutState } from '../../src/domain/rollout/state.ts';
import { autoscaler } from '../adapters/kubernetes/objects.ts';
import { CliProcess, type Exit } from '../support/cli-process.ts';
import { kubectl } from '../support/kubectl.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { queryPrometheus } from '../support/prometheus.ts';
import { testAddresses } from '../support/test-platform.ts';
import { workerImage } from '../support/worker-image.ts';
import { WorkerPods } from '../support/worker-pods.ts';

const { TEMPORAL_ADDRESS, PROMETHEUS_URL } = testAddresses();
const dockerfile = path.resolve(import.meta.dirname, '../../docker/worker.Dockerfile');

describe('the worker as pods: docker/worker.Dockerfile and k8s/', () => {
  let service: ServiceUnderTest;
  let workers: WorkerPods;
  let folder: string;
  let load: RunningLoad | null = null;
  const spawned: CliProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-worker-pod-'));
    const image = await workerImage();
    service = await deployService('worker-pod', { canary: false });
    await applyObjects(service.cluster.objects, [autoscaler(service.namespace)]);
    workers = await WorkerPods.deploy({ image, targetNamespace: service.namespace });
  }, 900_000);
  afterEach(async () => {
    await load?.stop();
    load = null;
    // Whoever still watches after a test that failed.
    for (const started of spawned.splice(0)) started.kill('SIGKILL');
  });
  afterAll(async () => {
    await workers.remove();
    await service.remove();
    await rm(folder, { recursive: true });
  });

  function spawn(...argv: readonly string[]): CliProcess {
    const env = { ...process.env, TEMPORAL_ADDRESS, SLUICE_TASK_QUEUE: workers.taskQueue };
    const started = new CliProcess(argv, env);
    spawned.push(started);
    return started;
  }

  function sluice(...argv: readonly string[]): Promise<Exit> {
    return spawn(...argv, '-n', service.namespace).exit();
  }

  /** Starts a rollout, and waits until it bakes at 10 %. @returns who watches it to its end. */
  async function baking(name: string): Promise<CliProcess> {
    const watching = spawn('start', await fileFor(name), '--watch');
    await bakes(name);
    return watching;
  }

  async function bakes(name: string): Promise<void> {
    let seen: Exit | null = null;
    await waitFor(
      `${name} to bake at 10 %`,
      async () => {
        seen = await sluice('status', name, '--output', 'json');
        if (seen.code !== 0) return undefined;
        const { status, weightPercent } = JSON.parse(seen.out) as RolloutState;
        return status === 'baking' && weightPercent === 10 ? true : undefined;
      },
      { timeoutMs: 120_000, seen: () => JSON.stringify(seen) },
    );
  }

  async function fileFor(name: string): Promise<string> {
    const file = path.join(folder, `${name}.yaml`);
    await writeFile(file, rolloutFile(name, service.namespace));
    return file;
  }

  test('both are admitted where only restricted pods are, as nobody, and can write nothing', async () => {
    const pods = await workers.pods();
    expect(pods).toHaveLength(2);
    for (const pod of pods) {
      expect(await workers.runIn(pod, 'console.log(process.getuid(), process.getgid())')).toBe('65532 65532');
      const write = "try { fs.writeFileSync('/app/x', '') } catch (error) { console.log(error.code) }";
      expect(await workers.runIn(pod, write)).toBe('EROFS');
    }
  });

  test('the image’s health check passes', async () => {
    const [, text = '[]'] = /^HEALTHCHECK .*CMD (\[.*\])$/m.exec(await readFile(dockerfile, 'utf8')) ?? [];
    const [program, , code = ''] = JSON.parse(text) as string[];
    expect(program).toBe('node');
    const [pod] = await workers.pods();
    // Ends with 1, and so throws, when it fails.
    if (pod === undefined) throw new Error('no worker runs');
    await workers.runIn(pod, code);
  });

  test('Prometheus finds both by their annotations', async () => {
    let seen = '';
    await waitFor(
      'Prometheus to scrape both workers',
      async () => {
        const found = await queryPrometheus(
          PROMETHEUS_URL,
          `nodejs_version_info{namespace="${workers.namespace}"}`,
        );
        seen = JSON.stringify(found);
        return found.length === 2 ? true : undefined;
      },
      { seen: () => seen },
    );
  });

  test('one verb less in the Role: preflight refuses, and names it', async () => {
    await replaceRole((role) => ({ ...role, rules: role.rules?.map(withoutPatchOfAutoscalers) ?? [] }));
    try {
      await mayPatchAutoscalers(false);
      const { code, out } = await spawn('start', await fileFor('refused'), '--watch').exit();
      expect(out).toContain(
        `the worker may not patch horizontalpodautoscalers.autoscaling in namespace ${service.namespace}: add it to its Role`,
      );
      expect(code).toBe(10);
    } finally {
      await workers.apply();
      await mayPatchAutoscalers(true);
    }
  });

  test('with its Role as it is, a rollout is promoted, though the worker that watches it is killed', async () => {
    const { gateway: url, host } = service;
    load = startLoad({ url, headers: { host }, model: 'llama', ratePerSecond: 20 });
    const watching = await baking('promoted');
    const first = await workers.watcher('promoted', 10);
    await kubectl('delete', 'pod', first, '-n', workers.namespace, '--grace-period=0', '--force');
    const second = await workers.watcher('promoted', 10, first);
    expect(second).not.toBe(first);
    await bakes('promoted');
    expect(await sluice('advance', 'promoted')).toMatchObject({ code: 0 });
    const { code, out } = await watching.exit();
    expect(out).toContain('promoted: v2 is stable now');
    expect(code).toBe(0);
  }, 300_000);

  test('an abort is carried out as well', async () => {
    const watching = await baking('aborted');
    expect(await sluice('abort', 'aborted', '--reason', 'a test')).toMatchObject({ code: 0 });
    const { code, out } = await watching.exit();
    expect(out).toContain('a test');
    expect(code).toBe(11);
  });

  async function replaceRole(change: (role: V1Role) => V1Role): Promise<void> {
    const roles = service.cluster.config.makeApiClient(RbacAuthorizationV1Api);
    const at = { name: 'sluice-worker', namespace: service.namespace };
    const role = await roles.readNamespacedRole(at);
    await roles.replaceNamespacedRole({ ...at, body: change(role) });
  }

  /** The API server learns of a changed Role a moment later. */
  async function mayPatchAutoscalers(expected: boolean): Promise<void> {
    const reviews = service.cluster.config.makeApiClient(AuthorizationV1Api);
    const user = `system:serviceaccount:${workers.namespace}:sluice-worker`;
    const { namespace } = service;
    const resourceAttributes = { namespace, verb: 'patch', group: 'autoscaling', resource: autoscalers };
    const body = { spec: { user, resourceAttributes } };
    await waitFor(`the right to be ${expected ? 'there' : 'gone'}`, async () => {
      const { status } = await reviews.createSubjectAccessReview({ body });
      return status?.allowed === expected ? true : undefined;
    });
  }
});

const autoscalers = 'horizontalpodautoscalers';

function withoutPatchOfAutoscalers<T extends { resources?: string[]; verbs: string[] }>(rule: T): T {
  if (rule.resources?.includes(autoscalers) !== true) return rule;
  return { ...rule, verbs: rule.verbs.filter((verb) => verb !== 'patch') };
}

/** The first bake is longer than the tests wait: they end it themselves. */
function rolloutFile(name: string, namespace: string): string {
  const env = [{ name: 'ARM', value: name }];
  return `apiVersion: sluice.dev/v1alpha1
kind: Rollout
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  workload: { kind: Deployment, name: vllm }
  service: { name: vllm, port: 8000 }
  router: { kind: HTTPRoute, name: llm }
  release:
    version: v2
    patch: ${JSON.stringify({ spec: { containers: [{ name: 'vllm', env }] } })}
  phases:
    - { weight: 10, bake: 1h, gates: [] }
    - weight: 50
      bake: 3s
      gates:
        - { metric: error-rate, max: 5%, evidence: noBreach, minimumSamples: 10 }
    - { weight: 100, bake: 0s }
  guards:
    - { metric: error-rate, max: 5%, minimumSamples: 20, window: 10s }
  guardInterval: 1s
  keepOld: 2s
  metrics: { prometheus: { url: '${PROMETHEUS_URL}' } }
`;
}
