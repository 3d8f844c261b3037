import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { request } from 'undici';
import { waitFor } from '../../../dev/cluster/wait.ts';
import { PodDrain, readUnanswered } from '../../../src/adapters/http/pod-drain.ts';
import { openKubernetesApi } from '../../../src/adapters/kubernetes-api/api.ts';
import { failureTypes } from '../../../src/domain/failures.ts';
import { deployService, type ServiceUnderTest } from '../../support/namespace.ts';
import { changeBehaviour } from '../../support/standin-pods.ts';
import { targetOf } from '../prometheus/targets.ts';

const fixture = path.resolve(import.meta.dirname, '../../fixtures/vllm-0.32.0-metrics.txt');
const never = new AbortController().signal;

describe('readUnanswered', () => {
  test('reads what a real vLLM serves: idle is 0, not unknown', async () => {
    const idle = await readFile(fixture, 'utf8');
    expect(readUnanswered(idle)).toBe(0);
    const busy = idle
      .replace(/^(vllm:num_requests_running\{.*\}) 0\.0$/m, '$1 3.0')
      .replace(/^(vllm:num_requests_waiting\{.*\}) 0\.0$/m, '$1 2.0');
    expect(readUnanswered(busy)).toBe(5);
  });

  test.each<[string, number | null, string]>([
    ['nothing at all', null, ''],
    ['another exporter', null, 'go_goroutines 12\nsglang:num_running_reqs{model_name="m"} 3\n'],
    ['only what is told about the gauge', null, '# TYPE vllm:num_requests_running gauge\n'],
    ['another gauge of a similar name', null, 'vllm:num_requests_waiting_by_reason{reason="capacity"} 4\n'],
    [
      'several models and engines',
      7,
      'vllm:num_requests_running{engine="0",model_name="a"} 4\nvllm:num_requests_running{engine="1",model_name="b"} 3\n',
    ],
    ['no labels, an exponent', 1200, 'vllm:num_requests_waiting 1.2e+03\n'],
    [
      'a time after the value, and Windows’ ends of lines',
      2,
      'vllm:num_requests_running 2 1700000000000\r\n',
    ],
    ['requests that an older vLLM has swapped out', 1, 'vllm:num_requests_swapped{model_name="m"} 1.0\n'],
    ['one value that is none', 1, 'vllm:num_requests_running NaN\nvllm:num_requests_waiting 1\n'],
  ])('%s: %p', (_name, expected, text) => {
    expect(readUnanswered(text)).toBe(expected);
  });
});

describe('pods of a loopback cluster', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  const listen = async (answer: http.RequestListener): Promise<number> => {
    const server = http.createServer(answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    return (server.address() as AddressInfo).port;
  };

  /** A cluster whose canary has one pod at each of these ports of this machine. */
  const drainOf = async (...ports: readonly number[]): Promise<PodDrain> => {
    const service = {
      metadata: { name: 'vllm-canary' },
      spec: { selector: { arm: 'canary' }, ports: [{ port: 8000, targetPort: 'http' }] },
    };
    const pods = ports.map((containerPort, index) => ({
      metadata: { name: `canary-${index}` },
      spec: { containers: [{ name: 'vllm', ports: [{ name: 'http', containerPort }] }] },
      status: { phase: 'Running', podIP: '127.0.0.1' },
    }));
    const api = await listen(({ url = '' }, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(url.includes('/services/') ? service : { items: pods }));
    });
    const config = new KubeConfig();
    const server = `http://127.0.0.1:${api}`;
    config.loadFromClusterAndUser({ name: 'loopback', server, skipTLSVerify: true }, { name: 'nobody' });
    return new PodDrain(openKubernetesApi(config));
  };
  const telling = (running: number): Promise<number> =>
    listen((_, response) => response.end(`vllm:num_requests_running ${running}\n`));

  test('sums up what all of them tell, and lets those out that do not', async () => {
    const mute = await listen((_, response) => response.writeHead(404).end());
    const drain = await drainOf(await telling(2), mute, await telling(3));
    expect(await drain.runningRequests(targetOf('llm'), never)).toBe(5);
  });

  test('none tells: nobody knows; no pods: none run', async () => {
    const mute = await listen((_, response) => response.end('hello'));
    expect(await (await drainOf(mute)).runningRequests(targetOf('llm'), never)).toBeNull();
    expect(await (await drainOf()).runningRequests(targetOf('llm'), never)).toBe(0);
  });

  test('a pod that is too busy to answer is not taken for an idle one', async () => {
    const busy = await listen(() => undefined);
    const drain = await drainOf(await telling(0), busy);
    await expect(drain.runningRequests(targetOf('llm'), never)).rejects.toMatchObject({
      type: failureTypes.Unavailable,
      message: expect.stringMatching(/^http:.*\/metrics does not answer within 2000 ms$/),
    });
  });

  test('a worker that stops meanwhile does not take it for an idle one either', async () => {
    const stopping = new AbortController();
    const reason = new Error('the worker stops');
    const busy = await listen(() => {
      stopping.abort(reason);
    });
    const drain = await drainOf(busy);
    await expect(drain.runningRequests(targetOf('llm'), stopping.signal)).rejects.toBe(reason);
  });
});

describe('real pods', () => {
  let service: ServiceUnderTest;
  beforeAll(async () => {
    service = await deployService('drain');
  });
  afterAll(() => service.remove(), 60_000);

  test('a stream counts for as long as it runs', async () => {
    const target = targetOf(service.namespace);
    const drain = new PodDrain(openKubernetesApi(service.cluster.config));
    const untilRunning = (count: number) =>
      waitFor(
        `${count} running requests`,
        async () => {
          // On a loaded machine a pod may be late with its answer.
          seen = await drain.runningRequests(target, never).catch((error: unknown) => error);
          return seen === count ? true : undefined;
        },
        { seen: () => String(seen) },
      );
    let seen: unknown;
    await untilRunning(0);
    const core = service.cluster.config.makeApiClient(CoreV1Api);
    const { namespace } = service;
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'app=vllm-canary' });
    const ip = items[0]?.status?.podIP ?? '';
    // More than the test lasts: the client ends it.
    await changeBehaviour(
      { name: 'canary', ip, ready: true },
      {
        answer: { meanTokens: 100, spreadTokens: 0 },
        interToken: { medianMs: 3000, p99Ms: 3000 },
      },
    );
    const body = JSON.stringify({
      model: 'llama',
      stream: true,
      prompt: 'What is 17 + 25?',
      max_tokens: 100,
    });
    const leaving = new AbortController();
    const url = `http://${ip}:8000/v1/completions`;
    const headers = { 'content-type': 'application/json' };
    const answer = await request(url, { method: 'POST', headers, body, signal: leaving.signal });
    expect(answer.statusCode).toBe(200);
    await untilRunning(1);
    leaving.abort();
    await answer.body.text().catch(() => undefined);
    await untilRunning(0);
  });
});
