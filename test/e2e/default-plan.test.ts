import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { startLoad, type RunningLoad } from '../../dev/load/run.ts';
import { waitFor } from '../../dev/cluster/wait.ts';
import type { GatePlan, GuardPlan, Plan } from '../../src/domain/plan/plan.ts';
import { parsePlan } from '../../src/plan-file/read.ts';
import { advance } from '../../src/workflows/messages.ts';
import { deployService, type ServiceUnderTest } from '../support/namespace.ts';
import { queryPrometheus } from '../support/prometheus.ts';
import { RealWorker } from '../support/real-worker.ts';
import { testAddresses } from '../support/test-platform.ts';
import type { RolloutHandle, RunningRollout } from '../support/workflow-runner.ts';

const hourInSeconds = 3600;
const mebibyte = 2 ** 20;
const minimal = path.resolve(import.meta.dirname, '../../examples/minimal.yaml');

describe('examples/minimal.yaml, which is the default plan', () => {
  let service: ServiceUnderTest;
  let worker: RealWorker;
  let load: RunningLoad | undefined;
  beforeAll(async () => {
    service = await deployService('default', { canary: false });
    worker = await RealWorker.open();
    const { gateway: url, host } = service;
    load = startLoad({ url, headers: { host }, model: 'llama', ratePerSecond: 20, maxTokens: 4 });
  }, 300_000);
  afterAll(async () => {
    await load?.stop();
    await worker.close();
    await service.remove();
  });

  test('is promoted with its real durations, each ended by `advance`, in a small history', async () => {
    const run = await worker.start(await planFor(service));
    for (const phase of [0, 1, 2]) {
      await bakesIn(run, phase);
      await canaryIsCounted(service);
      await endByHand(run);
    }
    expect(await run.reaches('keepingOld')).toMatchObject({ weightPercent: 100 });
    await endByHand(run);
    expect(await run.outcome()).toMatchObject({ status: 'promoted', leftToDo: [] });

    const { bakes, fired, events, bytes } = await historyOf(run.handle);
    expect(bakes).toEqual([
      { summary: 'bake at 1 %', seconds: hourInSeconds },
      { summary: 'bake at 10 %', seconds: 2 * hourInSeconds },
      { summary: 'bake at 50 %', seconds: 4 * hourInSeconds },
      { summary: 'old version kept warm', seconds: 24 * hourInSeconds },
    ]);
    // None of them ran out.
    expect(fired).toEqual(["the gateway learns of stable's pods", 'the gateway obeys']);
    expect(events).toBeLessThan(200);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(mebibyte);
  }, 420_000);
});

/**
 * The file with the place, the patch and the address of this platform. Two things are not the default: nothing is judged
 * by latency, which is chance on a busy machine, and the gates are content with one request without a breach: 300 of them,
 * and proof at 50 %, would take an hour.
 */
async function planFor({ namespace }: ServiceUnderTest): Promise<Plan> {
  const changes = [
    ['namespace: llm', `namespace: ${namespace}`],
    ['image: example/vllm:v2', 'env: [{ name: ARM, value: v2 }]'],
    ['http://127.0.0.1:9090', testAddresses().PROMETHEUS_URL],
  ] as const;
  let text = await readFile(minimal, 'utf8');
  for (const [found, wanted] of changes) {
    if (!text.includes(found)) throw new Error(`${minimal} has no ${found}`);
    text = text.replace(found, wanted);
  }
  const answer = parsePlan(text, minimal);
  if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer));
  const { plan } = answer;
  const ofErrors = ({ criterion }: GuardPlan | GatePlan) => criterion.metric === 'error-rate';
  const phases = plan.phases.map((phase) => ({
    ...phase,
    gates: phase.gates
      .filter(ofErrors)
      .map((gate) => ({ ...gate, evidence: 'noBreach' as const, minimumSamples: 1 })),
  }));
  return { ...plan, phases, guards: plan.guards.filter(ofErrors) };
}

async function bakesIn(run: RunningRollout, phase: number): Promise<void> {
  let seen = '';
  await waitFor(
    `phase ${phase + 1} to bake`,
    async () => {
      const now = await run.state().catch(String);
      seen = JSON.stringify(now);
      return typeof now !== 'string' && now.phase === phase && now.status === 'baking' ? true : undefined;
    },
    { timeoutMs: 180_000, seen: () => seen },
  );
}

/** Waits until Prometheus has one more request of the canary than now: enough for a gate of this phase. */
async function canaryIsCounted({ namespace }: ServiceUnderTest): Promise<void> {
  const query = `sum(envoy_cluster_upstream_rq_xx{envoy_cluster_name="${namespace}_vllm-canary_8000"})`;
  const count = async () => (await queryPrometheus(testAddresses().PROMETHEUS_URL, query))[0]?.value ?? 0;
  const before = await count();
  await waitFor('a request of the canary to be counted', async () =>
    (await count()) > before ? true : undefined,
  );
}

async function endByHand({ handle }: RunningRollout): Promise<void> {
  await handle.executeUpdate(advance, { args: [{ by: 'ann', reason: 'a test', full: false }] });
}

/** Timers that are no bakes. */
const others: readonly string[] = [
  'limit of the hold',
  "the gateway learns of stable's pods",
  'the gateway obeys',
];

interface Timer {
  readonly summary: string;
  readonly seconds: number;
}

/** What a history says, and how big it is. Timers are named by what the Temporal UI shows beside them. */
async function historyOf(handle: RolloutHandle): Promise<{
  readonly bakes: readonly Timer[];
  readonly fired: readonly string[];
  readonly events: number;
  readonly bytes: number;
}> {
  const { events } = await handle.fetchHistory();
  const timers = new Map<string, Timer>();
  const fired: string[] = [];
  for (const { userMetadata, timerStartedEventAttributes, timerFiredEventAttributes } of events ?? []) {
    const { timerId, startToFireTimeout } = timerStartedEventAttributes ?? {};
    const { summary } = userMetadata ?? {};
    if (timerId && summary)
      timers.set(timerId, {
        summary: defaultPayloadConverter.fromPayload(summary),
        seconds: Number(startToFireTimeout?.seconds),
      });
    const ended = timerFiredEventAttributes?.timerId;
    if (ended) fired.push(timers.get(ended)?.summary ?? ended);
  }
  const { historyLength, historySize } = await handle.describe();
  return {
    bakes: [...timers.values()].filter(({ summary }) => !others.includes(summary)),
    fired,
    events: historyLength,
    bytes: historySize ?? 0,
  };
}
