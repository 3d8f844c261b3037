import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { planDefaults } from '../../src/domain/plan/defaults.ts';
import { advance } from '../../src/workflows/messages.ts';
import { startApiProxy } from '../../test/support/api-proxy.ts';
import type { RunningRollout } from '../../test/support/workflow-runner.ts';
import { spread } from '../spread.ts';
import { phase, planFor } from './target.ts';
import { preciseNowMs, type Stage } from './stage.ts';

const tenPhases = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((weight) => phase(weight, 0));

/**
 * Seconds from 10 % to 100 % through ten phases without bakes, the pods for all of them ready at once; and how much of it
 * the gateway took to accept the nine routes before the last one, which Sluice waits for.
 */
export async function measureTenPhases(stage: Stage, namespace: string, times: number) {
  const [all, gateway]: [number[], number[]] = [[], []];
  for (let time = 0; time < times; time += 1) {
    const route = await stage.watchRoute(namespace);
    const plan = planFor(namespace, stage.prometheus.url, {
      phases: tenPhases,
      keepOldMs: 0,
      release: next(time),
    });
    const run = await stage.start(plan);
    const first = await route.until('10 %', (it) => it.weight === 10);
    const last = await route.until('100 %', (it) => it.weight === 100);
    all.push((last.atMs - first.atMs) / 1000);
    const waits = route.seen
      .filter((it) => it.weight > 0 && it.weight < 100)
      .map((it) => (it.acceptedAtMs ?? last.atMs) - it.atMs);
    gateway.push(waits.reduce((sum, it) => sum + it, 0) / 1000);
    await run.outcome();
    route.close();
  }
  return { all: spread(all, 2), gateway: spread(gateway, 2) };
}

/** Requests that change something at the API server, from start to promoted. */
export async function countWrites(stage: Stage, namespace: string) {
  const proxy = await startApiProxy(stage.cluster.config);
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-bench-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(kubeconfig, proxy.config.exportConfig());
  await useWorker(stage, { KUBECONFIG: kubeconfig });
  // Questions about rights are POSTs that change nothing.
  const changing = () =>
    proxy.seen.filter(({ method, path: to }) => method !== 'GET' && !/selfsubject|dryRun/i.test(to)).length;
  const writesOf = async (changes: Parameters<typeof planFor>[2]) => {
    const before = changing();
    await (await stage.start(planFor(namespace, stage.prometheus.url, changes))).outcome();
    return changing() - before;
  };
  const counts = {
    tenPhases: await writesOf({ phases: tenPhases, keepOldMs: 0, release: next(100) }),
    defaultPlan: await writesOf({ keepOldMs: 0, phases: phasesWithoutBakes, release: next(101) }),
  };
  await useWorker(stage, {});
  await proxy.close();
  await rm(folder, { recursive: true });
  return counts;
}

const phasesWithoutBakes = planDefaults.phases.map(({ weightPercent }) => phase(weightPercent, 0));

/** Events and bytes of the default plan's history, its bakes ended by `advance`. */
export async function measureHistory(stage: Stage, namespace: string) {
  const run = await stage.start(
    planFor(namespace, stage.prometheus.url, {
      phases: planDefaults.phases,
      keepOldMs: planDefaults.keepOldMs,
      release: next(102),
    }),
  );
  for (const bake of [0, 1, 2]) await advanceBake(run, bake);
  await run.reaches('keepingOld');
  await run.handle.executeUpdate(advance, { args: [{ by: 'bench', reason: 'to measure', full: false }] });
  await run.outcome();
  const { historyLength, historySize = 0 } = await run.handle.describe();
  return { events: historyLength, bytes: historySize };
}

async function advanceBake(run: RunningRollout, phaseIndex: number): Promise<void> {
  let state = await run.reaches('baking');
  while (state.phase !== phaseIndex) state = await run.reaches('baking');
  await run.handle.executeUpdate(advance, { args: [{ by: 'bench', reason: 'to measure', full: false }] });
}

async function useWorker(stage: Stage, env: NodeJS.ProcessEnv): Promise<void> {
  stage.worker.kill('SIGTERM');
  await stage.worker.exit();
  stage.replaceWorker(env);
  await stage.worker.isReady();
}

/** Each promoted release is another one than the one before. */
function next(number: number) {
  const annotations = { 'example/release': `v${number}-${Math.floor(preciseNowMs())}` };
  return { version: `v${number}`, patch: { metadata: { annotations } } };
}
