import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startLoad } from '../../dev/load/run.ts';
import type { Report } from '../../src/cli/report/report.ts';
import { CliProcess, type Exit } from '../support/cli-process.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { standinRelease } from '../support/releases.ts';
import { testAddresses } from '../support/test-platform.ts';
import { WorkerProcess } from '../support/worker-process.ts';

const { KUBECONFIG, TEMPORAL_ADDRESS, PROMETHEUS_URL } = testAddresses();

/** Real pods under load, a real worker and a real Prometheus; the command line reaches Temporal alone. */
describe('sluice report', () => {
  const taskQueue = `report-${randomBytes(3).toString('hex')}`;
  const cliEnv = {
    ...process.env,
    TEMPORAL_ADDRESS,
    SLUICE_TASK_QUEUE: taskQueue,
    PROMETHEUS_URL: '',
    KUBECONFIG: '',
  };
  let service: ServiceUnderTest;
  let worker: WorkerProcess;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-report-'));
    service = await deployService('report', { canary: false });
    worker = new WorkerProcess({ ...cliEnv, KUBECONFIG });
    await worker.isReady();
  });
  afterAll(async () => {
    worker.kill('SIGKILL');
    await worker.exit();
    await service.remove();
    await rm(folder, { recursive: true });
  });

  const sluice = (...argv: readonly string[]): Promise<Exit> => new CliProcess(argv, cliEnv).exit();

  test('shows how a bad canary did beside stable, and why it was rolled back', async () => {
    const file = path.join(folder, 'rollout.yaml');
    await writeFile(file, rolloutFile(service.namespace));
    const { gateway: url, host } = service;
    const load = startLoad({ url, headers: { host }, model: 'llama', ratePerSecond: 20 });
    const watched = await sluice('start', file, '--watch');
    await load.stop();
    expect(watched.code).toBe(10);

    const name = ['report', 'vllm', '-n', service.namespace];
    const { out } = await sluice(...name, '--output', 'json');
    const { series, state } = JSON.parse(out) as Report;
    expect(state.weights.map((it) => it.percent)).toEqual([50, 0]);
    if (series.kind !== 'series') throw new Error(series.why);
    const [errors, latency] = series.series;
    expect([errors?.name, latency?.name]).toEqual(['error-rate', 'e2e-latency p99']);
    const last = errors?.points.at(-1);
    // Every second answer of the canary is an error.
    expect(last?.canary?.value).toBeGreaterThan(0.2);
    expect(last?.canary?.samples).toBeGreaterThan(5);
    expect(last?.stable?.value).toBe(0);
    expect(latency?.points.at(-1)?.stable?.value).toBeGreaterThan(0);

    const page = path.join(folder, 'report.html');
    expect(await sluice(...name, '--out', page)).toMatchObject({ code: 0, out: '' });
    const html = await readFile(page, 'utf8');
    expect(html).toContain('✗ Rolled back');
    expect([...html.matchAll(/<svg role="img"/g)]).toHaveLength(3);

    const markdown = await sluice(...name, '--output', 'markdown');
    expect(markdown.out).toMatch(/^\| error-rate \| \d+ % \/ 0 % \|$/m);
  });
});

function rolloutFile(namespace: string): string {
  const release = standinRelease('v3', { behaviour: { errors: { http500PerThousand: 500 } } });
  return `apiVersion: sluice.dev/v1alpha1
kind: Rollout
metadata: { name: vllm, namespace: ${namespace} }
spec:
  workload: { kind: Deployment, name: vllm }
  service: { name: vllm, port: 8000 }
  router: { kind: HTTPRoute, name: llm }
  release: ${JSON.stringify(release)}
  phases: [{ weight: 50, bake: 5m }, { weight: 100, bake: 0s }]
  guards:
    - { metric: error-rate, max: 1%, minimumSamples: 20, sustainedFor: 10s }
    - { metric: e2e-latency, maxRatio: 20 }
  guardInterval: 1s
  metrics: { prometheus: { url: '${PROMETHEUS_URL}' } }
`;
}
