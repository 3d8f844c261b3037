import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { CoreV1Api, Exec } from '@kubernetes/client-node';
import { setWeights } from '../../../dev/cluster/route.ts';
import { waitFor, waitForDeployment } from '../../../dev/cluster/wait.ts';
import { shareOf } from '../../../src/domain/analysis/measurement.ts';
import { expectCounts, MeasuredService, windowSince } from './measured-service.ts';

describe('counting requests over restarts', () => {
  let subject: MeasuredService;

  beforeAll(async () => {
    subject = await MeasuredService.deploy('restarts');
    await subject.splitTraffic();
    await subject.olderThan(5000, 'vllm');
  });
  afterAll(() => subject.service.remove(), 120_000);

  const restarts = [
    { name: 'a pod that is replaced', restart: replacePod },
    { name: 'a process that is started again in its pod', restart: restartProcess },
  ];
  test.each(restarts)('vllm: $name takes no request along', async ({ restart }) => {
    const startedMs = Date.now();
    const before = await subject.sendLoad();
    await subject.scrapedSince(Date.now(), 'vllm');
    await restart();
    const after = await subject.sendLoad();
    await subject.scrapedSince(Date.now(), 'vllm');
    expectCounts(await subject.measured('vllm', windowSince(startedMs)), before, after);
  });

  test('envoy-contour: a canary that comes back is not charged with what it did before', async () => {
    const { namespace, cluster } = subject.service;
    await setWeights(cluster.objects, { namespace, name: 'llm' }, { vllm: 100 });
    await waitFor('the canary to be gone from Envoy', async () => {
      const found = await subject.measure('envoy-contour', 10_000);
      if (found.kind !== 'measured') return undefined;
      return 'missing' in shareOf(found.canary, 'error-rate') ? true : undefined;
    });
    const startedMs = Date.now();
    await subject.splitTraffic();
    const report = await subject.sendLoad();
    await subject.scrapedSince(Date.now(), 'envoy-contour');
    expectCounts(await subject.measured('envoy-contour', windowSince(startedMs)), report);
  });

  async function canaryPod(): Promise<string> {
    const [pod] = await subject.podsOf('vllm-canary');
    return pod?.metadata?.name ?? '';
  }

  async function replacePod(): Promise<void> {
    const { cluster, namespace } = subject.service;
    const name = await canaryPod();
    await cluster.config.makeApiClient(CoreV1Api).deleteNamespacedPod({ name, namespace });
    await waitFor('the pod to be gone', async () => {
      const pods = await subject.podsOf('vllm-canary');
      return pods.some((it) => it.metadata?.name === name) ? undefined : true;
    });
    await waitForDeployment(cluster.config, namespace, 'vllm-canary');
  }

  async function restartProcess(): Promise<void> {
    const { cluster, namespace } = subject.service;
    const name = await canaryPod();
    const end = ['node', '-e', 'process.kill(1, "SIGTERM")'];
    // The API server wants at least one stream.
    const exec = new Exec(cluster.config);
    await exec.exec(namespace, name, 'vllm', end, new PassThrough(), null, null, false);
    const core = cluster.config.makeApiClient(CoreV1Api);
    await waitFor('the process to be started again', async () => {
      const { status } = await core.readNamespacedPod({ name, namespace });
      const [container] = status?.containerStatuses ?? [];
      return container?.restartCount === 1 && container.ready ? true : undefined;
    });
    await waitForDeployment(cluster.config, namespace, 'vllm-canary');
  }
});
