import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { roleFile, roleText } from '../../../dev/manifests/role.ts';
import { judgeJob } from '../../../src/adapters/kubernetes/judge/job-object.ts';
import { readConfig, type WorkerConfig } from '../../../src/worker/config.ts';
import { judgePlan, quickPlan } from '../../support/plans.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const textOf = (file: string) => readFile(path.join(repository, file), 'utf8');
const yamlOf = async <T>(file: string) => parse(await textOf(file)) as T;

describe('k8s/target-namespace', () => {
  test('its Role is what the adapters use: else dev/run.sh node dev/manifests/role.ts', async () => {
    expect(await readFile(roleFile, 'utf8')).toBe(await roleText());
  });
});

describe('k8s/worker', () => {
  test('gives the worker settings that it takes, and time to end by them', async () => {
    const { taskQueue, shutdownGraceMs, logLevel } = await configBy(await textOf('k8s/worker/worker.env'));
    expect({ taskQueue, logLevel }).toEqual({ taskQueue: 'sluice', logLevel: 'info' });
    const { spec } = await yamlOf<V1Deployment>('k8s/worker/deployment.yaml');
    const seconds = spec?.template.spec?.terminationGracePeriodSeconds ?? 0;
    // docs/worker.md: the grace plus 15 s.
    expect(seconds * 1000).toBeGreaterThanOrEqual(shutdownGraceMs + 15_000);
  });

  test('names the port that the image serves', async () => {
    const image = await textOf('docker/worker.Dockerfile');
    const port = Number(/SLUICE_HTTP_ADDRESS=\S+:(\d+)/.exec(image)?.[1]);
    expect(image).toContain(`\nEXPOSE ${port}\n`);
    const { spec } = await yamlOf<V1Deployment>('k8s/worker/deployment.yaml');
    const service = await yamlOf<V1Service>('k8s/worker/service.yaml');
    expect(spec?.template.spec?.containers[0]?.ports).toEqual([{ name: 'http', containerPort: port }]);
    expect(spec?.template.metadata?.annotations?.['prometheus.io/port']).toBe(String(port));
    expect(service.spec?.ports).toEqual([{ name: 'http', port, targetPort: 'http' }]);
  });

  test('runs it as the user that the image names', async () => {
    const [, uid, gid] = /^USER (\d+):(\d+)$/m.exec(await textOf('docker/worker.Dockerfile')) ?? [];
    const { spec } = await yamlOf<V1Deployment>('k8s/worker/deployment.yaml');
    expect(spec?.template.spec?.securityContext).toMatchObject({
      runAsUser: Number(uid),
      runAsGroup: Number(gid),
    });
  });

  test('everything selects the same pods', async () => {
    const { spec } = await yamlOf<V1Deployment>('k8s/worker/deployment.yaml');
    const labels = spec?.template.metadata?.labels;
    const service = await yamlOf<V1Service>('k8s/worker/service.yaml');
    const budget = await yamlOf<{ spec: { selector: object } }>('k8s/worker/disruption-budget.yaml');
    expect(spec?.selector.matchLabels).toEqual(labels);
    expect(service.spec?.selector).toEqual(labels);
    expect(budget.spec.selector).toEqual({ matchLabels: labels });
    for (const spread of spec?.template.spec?.topologySpreadConstraints ?? [])
      expect(spread.labelSelector).toEqual({ matchLabels: labels });
  });
});

test.each(['worker', 'judge'])(
  'docker build is sent just what docker/%s.Dockerfile copies',
  async (image) => {
    const copied = [...(await textOf(`docker/${image}.Dockerfile`)).matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
    const sent = [...(await textOf(`docker/${image}.Dockerfile.dockerignore`)).matchAll(/^!(\S+)$/gm)];
    expect(sent.map(([, name]) => name).sort()).toEqual(
      copied.flatMap(([, names = '']) => names.split(' ')).sort(),
    );
  },
);

test('the judge runs as the user that its Jobs say', async () => {
  const [, uid, gid] = /^USER (\d+):(\d+)$/m.exec(await textOf('docker/judge.Dockerfile')) ?? [];
  const { spec } = judgeJob(
    {
      plan: { ...quickPlan(), judge: judgePlan() },
      which: { phase: 0, attempt: 1 },
      owner: { rolloutId: 'a' },
    },
    null,
  );
  expect(spec?.template.spec?.securityContext).toMatchObject({
    runAsUser: Number(uid),
    runAsGroup: Number(gid),
  });
});

/** What a worker makes of an environment file. */
async function configBy(text: string): Promise<WorkerConfig> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const settings = lines.map((line) => line.split('=') as [string, string]);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-manifests-'));
  try {
    const KUBECONFIG = path.join(folder, 'config');
    const named = { name: 'a', context: { cluster: 'a', user: 'a' } };
    await writeFile(
      KUBECONFIG,
      JSON.stringify({
        'current-context': 'a',
        contexts: [named],
        clusters: [{ name: 'a', cluster: { server: 'https://a' } }],
        users: [{ name: 'a', user: {} }],
      }),
    );
    const TEMPORAL_CONFIG_FILE = path.join(folder, 'none.toml');
    const reading = readConfig({ ...Object.fromEntries(settings), KUBECONFIG, TEMPORAL_CONFIG_FILE });
    if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
    return reading.config;
  } finally {
    await rm(folder, { recursive: true });
  }
}
