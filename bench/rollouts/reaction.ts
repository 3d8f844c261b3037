import { setTimeout as delay } from 'node:timers/promises';
import { waitFor, waitForDeployment } from '../../dev/cluster/wait.ts';
import { planDefaults } from '../../src/domain/plan/defaults.ts';
import { abort } from '../../src/workflows/messages.ts';
import { spread } from '../spread.ts';
import { phase, planFor } from './target.ts';
import { preciseNowMs, type Stage } from './stage.ts';

const longBakeMs = 3_600_000;

export interface Reaction {
  /** From the first answer that told of the breach to the route. */
  readonly fromSample: { readonly median: string; readonly max: string };
  /** From the moment in which the canary turned bad to the route. */
  readonly fromBreach: { readonly median: string; readonly max: string };
}

/**
 * Seconds from a breach to the write of the route, at 10 %.
 * @param options.unready a pod of stable is not ready meanwhile.
 */
export async function measureReaction(
  stage: Stage,
  namespace: string,
  options: { readonly intervalMs: number; readonly times: number; readonly unready?: boolean },
): Promise<Reaction> {
  const [fromSample, fromBreach]: [number[], number[]] = [[], []];
  for (let time = 0; time < options.times; time += 1) {
    const route = await stage.watchRoute(namespace);
    const run = await stage.start(planOf(stage, namespace, options.intervalMs));
    await run.reaches('baking');
    if (options.unready === true) await stage.node.makeOneUnready(namespace);
    // Anywhere in the guard's interval.
    await delay(options.intervalMs * (0.5 + Math.random()));
    const turnedMs = preciseNowMs();
    stage.prometheus.turnBad(namespace);
    const back = await route.until('all traffic on stable', (it) => it.atMs > turnedMs && it.weight === 0);
    const told = stage.prometheus.looks.find(
      (it) => it.namespace === namespace && it.bad && it.atMs > turnedMs,
    );
    fromSample.push((back.atMs - (told?.atMs ?? Number.NaN)) / 1000);
    fromBreach.push((back.atMs - turnedMs) / 1000);
    stage.prometheus.turnGood(namespace);
    await run.outcome();
    if (options.unready === true) {
      await stage.node.makeAllReady(namespace);
      await waitForDeployment(stage.cluster.config, namespace, 'vllm');
    }
    route.close();
  }
  return { fromSample: spread(fromSample, 2), fromBreach: spread(fromBreach, 2) };
}

/** Seconds from the signal to the write of the route. */
export async function measureAbort(stage: Stage, namespace: string, times: number) {
  const seconds: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const route = await stage.watchRoute(namespace);
    const run = await stage.start(planOf(stage, namespace, planDefaults.guardIntervalMs));
    await run.reaches('baking');
    await waitFor('a guard that looks', () =>
      Promise.resolve(stage.prometheus.looks.at(-1)?.namespace === namespace ? true : undefined),
    );
    const sentMs = preciseNowMs();
    await run.handle.signal(abort, { by: 'bench', reason: 'to measure' });
    const back = await route.until('all traffic on stable', (it) => it.atMs > sentMs && it.weight === 0);
    seconds.push((back.atMs - sentMs) / 1000);
    await run.outcome();
    route.close();
  }
  return spread(seconds, 3);
}

function planOf(stage: Stage, namespace: string, guardIntervalMs: number) {
  const phases = [phase(10, longBakeMs), phase(100, 0)];
  return planFor(namespace, stage.prometheus.url, { phases, guardIntervalMs });
}
