import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CoreV1Api, KubeConfig, type KubernetesObject, type V1Deployment } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import { applyObjects, deleteObject, parseObjects } from '../../dev/cluster/objects.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import type { rollout } from '../../src/workflows/rollout.ts';
import { CliProcess, type Exit } from '../support/cli-process.ts';
import { kubectl } from '../support/kubectl.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { pendingActivity } from '../support/pending-activities.ts';
import { testAddresses } from '../support/test-platform.ts';
import { textOf } from '../support/text-of.ts';
import { WorkerProcess } from '../support/worker-process.ts';
import { runningRollout, type RolloutHandle } from '../support/workflow-runner.ts';

const roleFile = path.resolve(import.meta.dirname, '../../k8s/target-namespace/role.yaml');
const { TEMPORAL_ADDRESS, PROMETHEUS_URL } = testAddresses();
const random = () => randomBytes(12).toString('hex');

/** One for each place that a worker reads, or could. */
const planted = {
  'an environment variable of stable': `literal-${random()}`,
  'a Secret that stable mounts': `mounted-${random()}`,
  'the environment variable as somebody else sets it meanwhile': `foreign-${random()}`,
  TEMPORAL_API_KEY: `key-${random()}`,
  SLUICE_WEBHOOK_TOKEN: `webhook-${random()}`,
};
/** The plan is kept in the history, and its addresses with it; docs/rollout-file.md says so. */
const notificationPath = `hook-${random()}`;

describe('secrets (S12)', () => {
  const taskQueue = `secrets-${random()}`;
  let service: ServiceUnderTest;
  let folder: string;
  let token: string;
  let worker: WorkerProcess;
  let env: NodeJS.ProcessEnv;
  let connection: Connection;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-secrets-'));
    service = await deployService('secrets', { canary: false, change: withEnvironment });
    const { namespace, cluster } = service;
    await applyObjects(cluster.objects, [secretOf(namespace), ...(await accountOf(namespace))]);
    token = await tokenOf(service);
    const kubeconfig = path.join(folder, 'kubeconfig');
    await writeFile(kubeconfig, configOf(cluster.config, token));
    env = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      TEMPORAL_ADDRESS,
      // A key alone would turn TLS on, which this Temporal does not speak.
      TEMPORAL_TLS: 'false',
      TEMPORAL_API_KEY: planted.TEMPORAL_API_KEY,
      SLUICE_WEBHOOK_TOKEN: planted.SLUICE_WEBHOOK_TOKEN,
      SLUICE_TASK_QUEUE: taskQueue,
      SLUICE_SHUTDOWN_GRACE: '500ms',
      SLUICE_LOG_LEVEL: 'trace',
    };
    connection = await Connection.connect({ address: TEMPORAL_ADDRESS, connectTimeout: '1 min' });
    worker = new WorkerProcess(env);
    await worker.isReady();
  }, 300_000);
  afterAll(async () => {
    worker.kill('SIGKILL');
    await worker.exit();
    await connection.close();
    await service.remove();
    await rm(folder, { recursive: true });
  });

  const sluice = (...argv: readonly string[]): Promise<Exit> => new CliProcess(argv, env).exit();

  test('are in no history, log, metric or answer, whatever goes wrong', async () => {
    const { namespace, cluster } = service;
    const place = ['-n', namespace];
    const said: Exit[] = [];
    const file = path.join(folder, 'rollout.yaml');
    await writeFile(file, rolloutFile(namespace));
    said.push(await sluice('start', file));
    const handle: RolloutHandle = new Client({ connection }).workflow.getHandle<typeof rollout>(
      `rollout/default/${namespace}/vllm`,
    );
    const run = runningRollout(handle);
    await run.reaches('baking');

    // Somebody changes the secret itself: what is told of it must not quote it.
    const changed = planted['the environment variable as somebody else sets it meanwhile'];
    await kubectl(...place, 'set', 'env', 'deployment/vllm', `PASSWORD=${changed}`);
    await run.reaches('holding');
    said.push(
      await sluice('status', 'vllm', ...place),
      await sluice('status', 'vllm', ...place, '--output', 'json'),
    );

    // The API server refuses everything, in its own words.
    await deleteObject(cluster.objects, bindingOf(namespace));
    said.push(await sluice('abort', 'vllm', ...place, '--reason', 'a test'));
    let failure: string | null | undefined = null;
    await waitFor(
      'the way back to be refused',
      async () => {
        failure = (await pendingActivity(handle, 'moveTrafficBack'))?.lastFailure;
        return failure?.includes('403') === true ? true : undefined;
      },
      { seen: () => String(failure), timeoutMs: 120_000 },
    );
    const described = textOf((await handle.describe()).raw);
    const { text: metrics } = await worker.get('/metrics');
    await applyObjects(cluster.objects, [bindingOf(namespace)]);
    expect(await handle.result()).toMatchObject({ status: 'rolledBack', reason: 'abort' });
    said.push(await sluice('watch', 'vllm', ...place), await sluice('list', ...place));

    const outputs = {
      history: textOf(await handle.fetchHistory()) + described,
      log: worker.output,
      metrics: metrics + (await worker.get('/metrics')).text,
      answers: said.map(({ out, err }) => out + err).join('\n'),
    };
    // That they hold what was to be searched at all.
    expect(outputs.history).toContain('403 Forbidden');
    expect(outputs.log).toContain('moveTrafficBack');
    expect(outputs.metrics).toContain('sluice_activity_failures_total{activity="moveTrafficBack"');
    expect(outputs.answers).toContain('holding');

    const secrets = { ...planted, 'the token of the kubeconfig': token };
    for (const [output, text] of Object.entries(outputs)) {
      expect({ output, holds: holding(secrets, text) }).toEqual({ output, holds: [] });
    }
    for (const text of [outputs.log, outputs.metrics]) expect(text).not.toContain(notificationPath);
  }, 420_000);
});

/** Names of the secrets that a text has, as they are or in base64. */
function holding(secrets: Readonly<Record<string, string>>, text: string): string[] {
  const forms = (secret: string) => [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')];
  return Object.entries(secrets)
    .filter(([, secret]) => forms(secret).some((it) => text.includes(it)))
    .map(([name]) => name);
}

function withEnvironment(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Deployment') return object;
  const changed = structuredClone(object) as V1Deployment;
  changed.spec?.template.spec?.containers[0]?.env?.push(
    { name: 'PASSWORD', value: planted['an environment variable of stable'] },
    { name: 'MOUNTED', valueFrom: { secretKeyRef: { name: 'model', key: 'token', optional: true } } },
  );
  return changed;
}

function secretOf(namespace: string): KubernetesObject {
  const stringData = { token: planted['a Secret that stable mounts'] };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'model', namespace },
    stringData,
  } as KubernetesObject;
}

/** An account with the rights that k8s/ gives a worker. */
async function accountOf(namespace: string): Promise<KubernetesObject[]> {
  const [role] = parseObjects(await readFile(roleFile, 'utf8'));
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'sluice-worker', namespace } },
    { ...role, metadata: { name: 'sluice-worker', namespace } },
    bindingOf(namespace),
  ];
}

function bindingOf(namespace: string): KubernetesObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'sluice-worker', namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'sluice-worker' },
    subjects: [{ kind: 'ServiceAccount', name: 'sluice-worker', namespace }],
  } as KubernetesObject;
}

async function tokenOf({ cluster, namespace }: ServiceUnderTest): Promise<string> {
  const { status: answer } = await cluster.config
    .makeApiClient(CoreV1Api)
    .createNamespacedServiceAccountToken({
      name: 'sluice-worker',
      namespace,
      body: { spec: { audiences: [], expirationSeconds: 3600 } },
    });
  if (answer?.token === undefined) throw new Error('the API server made no token');
  return answer.token;
}

function configOf(from: KubeConfig, token: string): string {
  const cluster = from.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig has no current cluster');
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, { name: 'worker', token });
  return config.exportConfig();
}

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
    patch: { spec: { containers: [{ name: vllm, env: [{ name: ARM, value: v2 }] }] } }
  phases:
    - { weight: 50, bake: 1h }
    - { weight: 100, bake: 0s }
  guardInterval: 1s
  notifications:
    - { url: 'http://127.0.0.1:1/${notificationPath}' }
  metrics:
    prometheus: { url: '${PROMETHEUS_URL}' }
`;
}
