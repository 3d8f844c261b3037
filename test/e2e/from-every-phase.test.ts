import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { AppsV1Api } from '@kubernetes/client-node';
import { waitFor, waitForDeployment } from '../../dev/cluster/wait.ts';
import type { PhasePlan, Plan } from '../../src/domain/plan/plan.ts';
import type { RolloutStatus } from '../../src/domain/rollout/state.ts';
import { abort, advance } from '../../src/workflows/messages.ts';
import { BreakableWorld, maxTokens } from '../support/breakable-world.ts';
import { errorGate, longPhase } from '../support/error-criteria.ts';
import { holdRequest } from '../support/held-requests.ts';
import { failures, lastSecondOf, noFailures } from '../support/load-facts.ts';
import { standinRelease } from '../support/releases.ts';
import { sendMany } from '../support/requests.ts';
import { untilTrafficIsBack } from '../support/route.ts';
import { changeBehaviour, podsOf } from '../support/standin-pods.ts';
import type { RunningRollout } from '../support/workflow-runner.ts';

const second = 1000;
const person = { by: 'ann', reason: 'a test' };
/** Measured: well under a second. A machine with forty processes in its queue needed more than five. */
const backWithinMs = 10 * second;
/** The gateway obeys within a second of the route; a loaded one gets more. */
const obeysWithinSeconds = 5;

const quick = { lifecycle: { preStop: { sleep: { seconds: 1 } } } };
const release = standinRelease('canary', { container: quick });

/** The default plan's weights; those before this one are passed at once, this one lasts until somebody ends it. */
const reaching = (weight: number): PhasePlan[] =>
  [1, 10, 50, 100].map((it) => longPhase(it, it < weight ? { bakeMs: 0 } : {}));
const passingAll = reaching(Infinity);

/** From where a rollout is taken back. */
interface Scene {
  readonly where: string;
  readonly status: RolloutStatus;
  readonly plan: Partial<Plan>;
  /**
   * Called before the start; what it returns is called when the status is reached, and what that returns once the
   * traffic is back.
   */
  readonly lead?: (world: BreakableWorld) => () => Promise<(() => void) | undefined>;
  /** Where stable has some of the release's pods already, these answer for a while after the traffic is back. */
  readonly stableRolls?: true;
}

/** Longer than the grace that Kubernetes gives these pods, by far. */
const longStream = { tokens: maxTokens, everyMs: 3 * second };
const shortGrace = standinRelease('canary', {
  container: quick,
  pod: { terminationGracePeriodSeconds: 2 },
});

const scenes: Scene[] = [
  ...[1, 10, 50].map((weight): Scene => {
    return { where: `${weight} %`, status: 'baking', plan: { phases: reaching(weight) } };
  }),
  {
    where: '100 %, while streams run that outlast the grace of its pods',
    status: 'baking',
    plan: { phases: reaching(100), release: shortGrace },
    lead: (world) => async () => {
      await untilStreamsAreLong(world);
      return undefined;
    },
  },
  {
    where: '100 %, the old version kept',
    status: 'keepingOld',
    plan: { phases: passingAll },
  },
  {
    where: 'finishing by update, stable half renewed',
    status: 'finishing',
    plan: {
      phases: passingAll,
      keepOldMs: 0,
      release: standinRelease('canary', { behaviour: { startupDelayMs: 4000 }, container: quick }),
    },
    lead:
      ({ service }) =>
      async () => {
        await untilStableHas(service, 'startupDelayMs');
        return undefined;
      },
    stableRolls: true,
  },
  {
    where: 'finishing by adopt, the pods between two owners',
    status: 'finishing',
    plan: { phases: passingAll, keepOldMs: 0, finish: 'adopt' },
    lead: ({ api }) => {
      const held = holdRequest(api, ({ method, path }) => method === 'POST' && path.includes('/replicasets'));
      return async () => {
        await held.arrived;
        return () => {
          held.release();
        };
      };
    },
    stableRolls: true,
  },
];

describe('under 50 requests a second', () => {
  let world: BreakableWorld;
  beforeAll(async () => {
    world = await BreakableWorld.open('phases', 50);
  }, 300_000);
  afterEach(() => world.settle(), 90_000);
  afterAll(() => world.close(), 120_000);

  const nothingFailed = () => {
    expect(failures(world.load.snapshot())).toEqual(noFailures);
  };

  test.each(scenes)(
    'rolled back from $where: no request fails, and everything is as it was',
    async ({ status, plan, lead, stableRolls }) => {
      const before = await world.objects();
      const startedAt = world.seconds;
      const arrive = lead?.(world);
      const run = await world.start(world.plan({ release, ...plan }));
      await run.reaches(status);
      await world.untilCanaryAnswers(startedAt);
      const clear = await arrive?.();
      expect(await run.state()).toMatchObject({ status });

      const abortedAt = world.seconds;
      await run.handle.signal(abort, person);
      await untilTrafficIsBack(world.service, backWithinMs);
      clear?.();
      expect(await run.outcome()).toMatchObject({ status: 'rolledBack', reason: 'abort', leftToDo: [] });
      expect(await world.objects()).toEqual(before);
      nothingFailed();
      if (stableRolls) await untilOnly('stable', world);
      else
        expect(lastSecondOf('canary', world.load.snapshot())).toBeLessThanOrEqual(
          abortedAt + obeysWithinSeconds,
        );
    },
    300_000,
  );

  test('the streams that outlasted the grace of their pods have all ended whole', () => {
    const { arms } = world.load.snapshot();
    expect(arms['canary']).toMatchObject({ failed: 0 });
    expect(arms['canary']?.latencyMs?.max).toBeGreaterThan((longStream.tokens - 2) * longStream.everyMs);
  });

  test('promoted by update: no request fails, and only stable’s template is another one', async () => {
    const before = await world.objects();
    const run = await promote(world, {
      release: standinRelease('second', { container: quick }),
      keepOldMs: second,
    });
    expect(await run.outcome()).toMatchObject({ status: 'promoted', leftToDo: [] });
    await untilOnly('second', world);
    onlyTemplateDiffers(before, await world.objects());
    nothingFailed();
  }, 300_000);

  test('promoted by adopt: no request fails, and stable’s pods are those of the canary', async () => {
    const before = await world.objects();
    const run = await promote(world, {
      release: standinRelease('third', { container: quick }),
      finish: 'adopt',
    });
    await run.reaches('keepingOld');
    const canaries = await namesOf(world, 'canary');
    await run.handle.executeUpdate(advance, { args: [{ ...person, full: false }] });
    expect(await run.outcome()).toMatchObject({ status: 'promoted', leftToDo: [] });
    await untilOnly('third', world);
    expect(await namesOf(world, 'stable')).toEqual(canaries);
    expect(canaries).toHaveLength(2);
    onlyTemplateDiffers(before, await world.objects());
    nothingFailed();
  }, 300_000);

  test('to the last one', async () => {
    const report = await world.load.stop();
    expect(failures(report)).toEqual(noFailures);
    expect(report.inFlight).toBe(0);
  });
});

/** A rollout whose bakes last a second, and whose gates ask whether there were errors. */
function promote(world: BreakableWorld, changes: Partial<Plan>): Promise<RunningRollout> {
  const phases = passingAll.map((phase) => ({ ...phase, bakeMs: second, gates: [errorGate] }));
  return world.start(world.plan({ phases, ...changes }));
}

async function namesOf({ service }: BreakableWorld, arm: 'stable' | 'canary'): Promise<string[]> {
  return (await podsOf(service, arm)).map(({ name }) => name).sort();
}

/** Makes the canary's next answers long, and waits until it is at 20 of them. */
async function untilStreamsAreLong({ service, load }: BreakableWorld): Promise<void> {
  const { tokens, everyMs } = longStream;
  for (const pod of await podsOf(service, 'canary')) {
    await changeBehaviour(pod, {
      answer: { meanTokens: tokens, spreadTokens: 0 },
      interToken: { medianMs: everyMs, p99Ms: everyMs },
    });
  }
  await waitFor('20 long streams', () => Promise.resolve(load.snapshot().inFlight >= 20 || undefined), {
    everyMs: 250,
    seen: () => `${load.snapshot().inFlight}`,
  });
}

async function untilStableHas(
  { cluster, namespace }: BreakableWorld['service'],
  text: string,
): Promise<void> {
  const apps = cluster.config.makeApiClient(AppsV1Api);
  await waitFor(`stable to have ${text}`, async () => {
    const { spec } = await apps.readNamespacedDeployment({ name: 'vllm', namespace });
    return JSON.stringify(spec?.template).includes(text) || undefined;
  });
}

/** Waits until stable is whole, and every answer is of one release. */
async function untilOnly(arm: string, { service }: BreakableWorld): Promise<void> {
  await waitForDeployment(service.cluster.config, service.namespace, 'vllm');
  let seen = '';
  await waitFor(
    `${arm} alone to answer`,
    async () => {
      const { arms } = await sendMany(service.gateway, service.host, 50);
      seen = JSON.stringify(arms);
      return Object.keys(arms).join() === arm || undefined;
    },
    { seen: () => seen },
  );
}

type Objects = Awaited<ReturnType<BreakableWorld['objects']>>;

function onlyTemplateDiffers(before: Objects, after: Objects): void {
  const { template: old, ...restBefore } = apart(before);
  const { template, ...restAfter } = apart(after);
  expect(restAfter).toEqual(restBefore);
  expect(template).not.toEqual(old);
}

/** All objects, with stable's template beside the rest of its Deployment. */
function apart(objects: Objects): { readonly [what: string]: unknown; readonly template: unknown } {
  const { 'Deployment/vllm': stable = '', ...others } = objects;
  const { spec, ...rest } = JSON.parse(stable) as { spec: { template: unknown } };
  const { template, ...kept } = spec;
  return { ...others, stable: rest, spec: kept, template };
}
