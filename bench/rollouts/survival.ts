import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '../../dev/cluster/wait.ts';
import { abort } from '../../src/workflows/messages.ts';
import { phase, planFor } from './target.ts';
import { preciseNowMs, type Stage } from './stage.ts';

const bakeMs = 60_000;

export interface Survival {
  /** Seconds from 10 % to 20 %; the bake is 60 s. */
  readonly bake: number;
  /** Seconds from the start of the new worker to the first look of its guard. */
  readonly watchingAgain: number;
}

/** A bake of 60 s whose worker is killed after `killAfterMs`, and started again at once. */
export async function measureSurvival(
  stage: Stage,
  namespace: string,
  killAfterMs: number,
): Promise<Survival> {
  const route = await stage.watchRoute(namespace);
  const phases = [phase(10, bakeMs), phase(20, 3_600_000), phase(100, 0)];
  const run = await stage.start(planFor(namespace, stage.prometheus.url, { phases, guardIntervalMs: 1000 }));
  const first = await route.until('10 %', (it) => it.weight === 10);
  await delay(first.atMs + killAfterMs - preciseNowMs());
  stage.worker.kill('SIGKILL');
  await stage.worker.exit();
  const restartedMs = preciseNowMs();
  stage.replaceWorker();
  const look = await waitFor(
    'the guard to look again',
    () =>
      Promise.resolve(
        stage.prometheus.looks.find((it) => it.namespace === namespace && it.atMs > restartedMs),
      ),
    { everyMs: 10 },
  );
  const second = await route.until('20 %', (it) => it.weight === 20);
  await run.handle.signal(abort, { by: 'bench', reason: 'measured' });
  await run.outcome();
  route.close();
  return {
    bake: (second.atMs - first.atMs) / 1000,
    watchingAgain: (look.atMs - restartedMs) / 1000,
  };
}
