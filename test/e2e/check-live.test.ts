import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../../dev/cluster/wait.ts';
import { runLoad } from '../../dev/load/run.ts';
import type { Prospects } from '../../src/domain/prospects/prospects.ts';
import { CliProcess, type Exit } from '../support/cli-process.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { queryPrometheus } from '../support/prometheus.ts';
import { testAddresses } from '../support/test-platform.ts';
import { WorkerProcess } from '../support/worker-process.ts';

const { KUBECONFIG, TEMPORAL_ADDRESS, PROMETHEUS_URL } = testAddresses();
const ratePerSecond = 10;

/** The command line as a process that reaches Temporal alone; a real worker reads a real Prometheus. */
describe('sluice check --live', () => {
  const taskQueue = `live-${randomBytes(3).toString('hex')}`;
  const env = {
    ...process.env,
    TEMPORAL_ADDRESS,
    SLUICE_TASK_QUEUE: taskQueue,
    PROMETHEUS_URL: '',
    KUBECONFIG: '',
  };
  let service: ServiceUnderTest;
  let worker: WorkerProcess | undefined;
  let file: string;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-live-'));
    file = path.join(folder, 'rollout.yaml');
    service = await deployService('live', { canary: false });
    await writeFile(file, rolloutFile(service.namespace));
  });
  afterAll(async () => {
    worker?.kill('SIGKILL');
    await worker?.exit();
    await service.remove();
    await rm(folder, { recursive: true });
  });

  const check = (...argv: readonly string[]): Promise<Exit> =>
    new CliProcess(['check', file, '--live', ...argv], env).exit();

  test('without a worker it says that nobody could read it', async () => {
    const { code, err } = await check();
    expect(code).toBe(1);
    expect(err).toContain(`No worker on task queue ${taskQueue} could read today's traffic`);
  });

  test('tells what the plan can prove at the traffic that there is', async () => {
    worker = new WorkerProcess({ ...env, KUBECONFIG });
    await worker.isReady();
    const young = await check();
    expect({ ...young, out: '' }).toMatchObject({
      code: 1,
      err: expect.stringContaining('Nobody knows what the plan can prove: '),
    });

    const minuteAgo = `envoy_cluster_upstream_rq_total{envoy_cluster_name="${service.namespace}_vllm_8000"} offset 60s`;
    const load = new AbortController();
    const { gateway: url, host } = service;
    const target = { url, headers: { host }, model: 'llama' };
    const sending = runLoad({ ...target, ratePerSecond, durationMs: 90_000 }, { signal: load.signal });
    await waitFor(
      'a minute of traffic',
      async () => {
        const [older] = await queryPrometheus(PROMETHEUS_URL, minuteAgo);
        return (older?.value ?? 0) > 5 * ratePerSecond ? true : undefined;
      },
      { timeoutMs: 85_000 },
    );
    const { code, out } = await check('--output', 'json');
    load.abort();
    await sending;
    expect(code).toBe(0);
    const { prospects } = JSON.parse(out) as { prospects: Prospects };
    expect(prospects.windowMs).toBe(60_000);
    expect(prospects.requestsPerSecond / ratePerSecond).toBeGreaterThan(0.8);
    expect(prospects.requestsPerSecond / ratePerSecond).toBeLessThan(1.2);
    const [first] = prospects.phases;
    expect(first?.requests.canary).toBeCloseTo(prospects.requestsPerSecond * 36);
    expect(prospects.phases[2]?.gates[0]?.prospect).toEqual({ kind: 'passes', proof: true });
    expect(prospects.catches.map((it) => it.ends)).toEqual(['rolledBack', 'rolledBack', 'rolledBack']);
  });
});

/** The built-in plan. */
function rolloutFile(namespace: string): string {
  return `apiVersion: sluice.dev/v1alpha1
kind: Rollout
metadata: { name: vllm, namespace: ${namespace} }
spec:
  workload: { kind: Deployment, name: vllm }
  service: { name: vllm, port: 8000 }
  router: { kind: HTTPRoute, name: llm }
  release: { version: v2, patch: { metadata: { annotations: { example: v2 } } } }
  metrics: { prometheus: { url: '${PROMETHEUS_URL}' } }
`;
}
