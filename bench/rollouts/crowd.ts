import { setTimeout as delay } from 'node:timers/promises';
import { abort } from '../../src/workflows/messages.ts';
import type { RunningRollout } from '../../test/support/workflow-runner.ts';
import { readApiServerMetrics } from './api-server-metrics.ts';
import { makeTarget, phase, planFor, removeTarget } from './target.ts';
import type { Stage } from './stage.ts';

const restMs = 60_000;
const intervalMs = 10_000;
/** Rollouts that are set up at the same time. */
const atOnce = 5;
/** Whether one rests yet: more often, and the asking is what keeps them from it. */
const askedEveryMs = 1000;
/** Queries of one look come at once. */
const sameLookMs = 2000;

export interface Crowd {
  readonly rollouts: number;
  readonly workerCpuSeconds: number;
  readonly workerMebibytes: number;
  /** By how much the worker grew, divided by the rollouts. */
  readonly mebibytesEach: number;
  readonly apiServerCpuSeconds: number;
  /** Of the looks that the plans ask for in that minute. */
  readonly looksOnTime: number;
}

/**
 * What rollouts at rest cost for a minute: each in a bake at 10 %, its guards looking every 10 s.
 * @param options.tidy ends them and removes their targets. @default true
 * @param options.say told how many rest already.
 */
export async function measureCrowd(
  stage: Stage,
  rollouts: number,
  { tidy = true, say = () => undefined }: { tidy?: boolean; say?: (resting: number) => void } = {},
): Promise<Crowd> {
  const namespaces = Array.from({ length: rollouts }, (_, index) => `crowd-${rollouts}-${index}`);
  const runs: RunningRollout[] = [];
  const empty = await usage(stage);
  await inGroups(namespaces, async (namespace) => {
    await makeTarget(stage.cluster, namespace);
    const phases = [phase(10, 3_600_000), phase(100, 0)];
    const plan = planFor(namespace, stage.prometheus.url, { phases, guardIntervalMs: intervalMs });
    const run = await stage.start(plan);
    await run.reaches('baking', askedEveryMs);
    runs.push(run);
    say(runs.length);
  });
  await delay(intervalMs);
  const before = await usage(stage);
  const fromMs = Date.now();
  await delay(restMs);
  const after = await usage(stage);
  const looks = namespaces.reduce((sum, it) => sum + countLooks(stage, it, fromMs), 0);
  if (tidy) {
    await inGroups(runs, async (run) => {
      await run.handle.signal(abort, { by: 'bench', reason: 'measured' });
      await run.outcome();
    });
    await inGroups(namespaces, (namespace) => removeTarget(stage.cluster, namespace));
  }
  return {
    rollouts,
    workerCpuSeconds: after.worker - before.worker,
    workerMebibytes: after.memory / 2 ** 20,
    apiServerCpuSeconds: after.apiServer - before.apiServer,
    mebibytesEach: (after.memory - empty.memory) / 2 ** 20 / rollouts,
    looksOnTime: looks / (rollouts * (restMs / intervalMs)),
  };
}

async function inGroups<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function countLooks({ prometheus }: Stage, namespace: string, fromMs: number): number {
  const inTime = (atMs: number) => atMs >= fromMs && atMs < fromMs + restMs;
  const times = prometheus.looks.filter((it) => it.namespace === namespace && inTime(it.atMs));
  return times.filter(({ atMs }, index) => atMs - (times[index - 1]?.atMs ?? -Infinity) > sameLookMs).length;
}

async function usage(stage: Stage) {
  const { text } = await stage.worker.get('/metrics');
  return {
    worker: sample(text, 'process_cpu_seconds_total'),
    memory: sample(text, 'process_resident_memory_bytes'),
    apiServer: sample(await readApiServerMetrics(stage.cluster.config), 'process_cpu_seconds_total'),
  };
}

function sample(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}
