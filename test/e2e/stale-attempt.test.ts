import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../../dev/cluster/wait.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { abort } from '../../src/workflows/messages.ts';
import { bookkeeping } from '../support/bookkeeping.ts';
import { longPhase } from '../support/error-criteria.ts';
import { FaultStage } from '../support/fault-stage.ts';
import { inTurns } from '../support/in-turns.ts';
import { delayWrite } from '../support/late-write.ts';
import { namespaceObjects } from '../support/namespace-objects.ts';

const minute = 60_000;
/** All of them together, on a machine that has more to do. */
const patienceMs = 40 * minute;
const person = { by: 'ann', reason: 'a test' };
const quick: Partial<Plan> = {
  phases: [longPhase(50, { bakeMs: 0 }), longPhase(100, { bakeMs: 0 })],
  capacity: { replicas: [1, 1] },
  keepOldMs: 0,
};

/** How the writes begin that a rollback overtakes. */
const scenes = {
  'takeTarget, its claim': 'route: claim',
  'takeTarget, its pin of the autoscaler': 'patch horizontalpodautoscalers/vllm',
  readyCanary: 'create deployments/vllm-canary',
  shiftWeight: 'route: 100 %',
  renewStable: 'patch deployments/vllm {"metadata":{"annotations"',
};
type Scene = keyof typeof scenes;

describe('a worker is paused in a write, and another one rolls back meanwhile', () => {
  let overtaken: Record<Scene, Promise<Overtaken>>;
  beforeAll(() => {
    overtaken = inTurns(3, scenes, overtake);
  });
  afterAll(() => Promise.allSettled(Object.values(overtaken)), patienceMs);

  test.each(Object.keys(scenes) as Scene[])(
    '%s: it comes too late, and changes nothing',
    async (scene) => {
      const { outcome, before, rolledBack, after } = await overtaken[scene];
      expect(outcome).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
      expect(rolledBack.objects).toEqual(before);
      expect(after).toEqual(rolledBack);
    },
    patienceMs,
  );
});

interface Seen {
  readonly objects: Readonly<Record<string, string>>;
  readonly marks: readonly string[];
  readonly weights: readonly number[];
}

interface Overtaken {
  readonly outcome: object;
  readonly before: Readonly<Record<string, string>>;
  /** When the rollout had ended. */
  readonly rolledBack: Seen;
  /** When the late write had come, and its worker had ended. */
  readonly after: Seen;
}

async function overtake(write: string): Promise<Overtaken> {
  const stage = await FaultStage.open({ purpose: 'stale', ratePerSecond: 0 });
  try {
    const { cluster, namespace } = stage.service;
    const objects = () => namespaceObjects(cluster.config, namespace);
    const see = async (): Promise<Seen> => ({
      objects: await objects(),
      marks: await bookkeeping(cluster.config, namespace),
      weights: stage.weights.all(),
    });
    const before = await objects();
    const first = await stage.addWorker();
    const late = delayWrite(stage, first, write);
    const handle = await stage.start(stage.plan(quick));
    await within(10 * minute, `the write "${write}"`, late.hangs);
    await stage.addWorker();
    await handle.signal(abort, person);
    const outcome = await stage.outcome(handle, 10 * minute);
    const rolledBack = await see();

    await within(minute, 'an answer to the late write', late.arrive());
    await within(3 * minute, 'the late worker to end', first.finishUp());
    let after = await see();
    // What it made and took away again goes when its pods have gone.
    await waitFor('nothing to go any more', async () => {
      after = await see();
      return Object.keys(after.objects).length <= Object.keys(before).length ? true : undefined;
    }).catch(() => undefined);
    return { outcome, before, rolledBack, after };
  } finally {
    await stage.remove();
  }
}

/** @throws when it takes longer. */
async function within(timeoutMs: number, what: string, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  let failure: unknown = null;
  work.then(
    () => (isDone = true),
    (error: unknown) => (failure = error),
  );
  await waitFor(
    what,
    () => {
      if (failure !== null) throw new Error(what, { cause: failure });
      return Promise.resolve(isDone ? true : undefined);
    },
    { timeoutMs, everyMs: 50 },
  );
}
