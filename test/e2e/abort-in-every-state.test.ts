import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { AppsV1Api } from '@kubernetes/client-node';
import { waitFor, waitForDeployment } from '../../dev/cluster/wait.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import type { RolloutStatus } from '../../src/domain/rollout/state.ts';
import { abort, advance, hold } from '../../src/workflows/messages.ts';
import { BreakableWorld } from '../support/breakable-world.ts';
import { errorGate, longPhase } from '../support/error-criteria.ts';
import { holdRequest, writes } from '../support/held-requests.ts';
import { failures, lastSecondOf, noFailures } from '../support/load-facts.ts';
import { standinRelease } from '../support/releases.ts';
import { sendMany } from '../support/requests.ts';
import { untilTrafficIsBack } from '../support/route.ts';
import type { RunningRollout } from '../support/workflow-runner.ts';

const person = { by: 'ann', reason: 'a test' };
/** Measured: well under a second. A machine with forty processes in its queue needed more than five. */
const backWithinMs = 10_000;
/** The gateway obeys within a second of the route; a loaded one gets more. */
const obeysWithinSeconds = 5;

const quick = { lifecycle: { preStop: { sleep: { seconds: 1 } } } };
const release = standinRelease('canary', { container: quick });

/** How a rollout comes to where it is aborted. */
interface Scene {
  readonly state: RolloutStatus;
  readonly where: string;
  readonly plan: Partial<Plan>;
  /**
   * Called before the start; what it returns is called with the rollout, and resolves when it is there.
   * What that returns in turn is called once the traffic is back.
   */
  readonly lead: (world: BreakableWorld) => (run: RunningRollout) => Promise<(() => void) | undefined>;
}

const nothing = Promise.resolve(undefined);
const reaches = (state: RolloutStatus) => () => async (run: RunningRollout) => {
  await run.reaches(state);
  return nothing;
};

/** Ends the bake at 50 % once `prepare` is done. */
const advanced = async (run: RunningRollout, prepare: () => void = () => undefined) => {
  await run.reaches('baking');
  prepare();
  await run.handle.executeUpdate(advance, { args: [{ ...person, full: false }] });
};

const scenes: Scene[] = [
  {
    state: 'preparing',
    where: 'while preflight waits for an answer',
    plan: {},
    lead: ({ api }) => {
      const held = holdRequest(api, writes('selfsubjectaccessreviews'), { times: Infinity });
      return async () => {
        await held.arrived;
        return () => {
          held.release();
        };
      };
    },
  },
  {
    state: 'preparing',
    where: 'while its claim of the route is on its way',
    plan: {},
    lead: ({ api }) => {
      const held = holdRequest(api, writes('httproutes'));
      return async () => {
        await held.arrived;
        return () => {
          held.release();
        };
      };
    },
  },
  {
    state: 'shifting',
    where: 'while the first canary pod starts',
    plan: {
      release: standinRelease('canary', { behaviour: { startupDelayMs: 300_000 }, container: quick }),
    },
    lead:
      ({ service }) =>
      async (run) => {
        await run.reaches('shifting');
        await untilDeployment(service, 'vllm-canary', () => true);
        return nothing;
      },
  },
  {
    state: 'awaitingApproval',
    where: 'of 100 %, with 50 % on the canary',
    plan: { phases: [longPhase(50, { bakeMs: 0 }), longPhase(100, { requireApproval: true })] },
    lead: reaches('awaitingApproval'),
  },
  { state: 'baking', where: 'at 50 %', plan: {}, lead: reaches('baking') },
  {
    state: 'shifting',
    where: 'while 100 % is on its way to the API server',
    plan: {},
    lead:
      ({ api }) =>
      async (run) => {
        let held: ReturnType<typeof holdRequest> | undefined;
        await advanced(run, () => {
          held = holdRequest(api, writes('httproutes'));
        });
        await held?.arrived;
        return () => held?.release();
      },
  },
  {
    state: 'gating',
    where: 'while Prometheus keeps the gate waiting',
    plan: { phases: [longPhase(50, { gates: [errorGate] }), longPhase(100)] },
    lead:
      ({ prometheus }) =>
      async (run) => {
        await advanced(run, () => {
          prometheus.fallSilent();
        });
        await run.reaches('gating');
        return () => {
          void prometheus.recover();
        };
      },
  },
  {
    state: 'holding',
    where: 'for a person',
    plan: {},
    lead: () => async (run) => {
      await run.reaches('baking');
      await run.handle.executeUpdate(hold, { args: [person] });
      await run.reaches('holding');
      return nothing;
    },
  },
  {
    state: 'keepingOld',
    where: 'with 100 % on the canary',
    plan: { phases: [longPhase(100, { bakeMs: 0 })] },
    lead: reaches('keepingOld'),
  },
  {
    state: 'finishing',
    where: 'while stable gets the release',
    plan: {
      release: standinRelease('canary', { behaviour: { startupDelayMs: 4000 }, container: quick }),
      phases: [longPhase(100, { bakeMs: 0 })],
      keepOldMs: 0,
    },
    lead:
      ({ service }) =>
      async (run) => {
        await run.reaches('finishing');
        await untilDeployment(service, 'vllm', (template) => template.includes('startupDelayMs'));
        return nothing;
      },
  },
];

describe('an abort, on the real platform and under load', () => {
  let world: BreakableWorld;
  beforeAll(async () => {
    world = await BreakableWorld.open('abort', 20);
  }, 300_000);
  afterEach(() => world.settle(), 90_000);
  afterAll(() => world.close(), 120_000);

  test.each(scenes)(
    '$state $where: all traffic is back, and everything is as it was',
    async ({ state, plan, lead }) => {
      const before = await world.objects();
      const startedAt = world.seconds;
      const arrive = lead(world);
      const run = await world.start(world.plan({ release, ...plan }));
      const clear = await arrive(run);
      const { status, weightPercent, events } = await run.state();
      expect({ status, events }).toMatchObject({ status: state });

      if (weightPercent > 0) await world.untilCanaryAnswers(startedAt);
      const abortedAt = world.seconds;
      await run.handle.signal(abort, person);
      await untilTrafficIsBack(world.service, backWithinMs);
      clear?.();
      expect(await run.outcome()).toEqual({
        status: 'rolledBack',
        reason: 'abort',
        sentence: 'aborted by ann: a test',
        evidence: [],
        leftToDo: [],
      });
      expect(await world.objects()).toEqual(before);

      const report = world.load.snapshot();
      expect(failures(report)).toEqual(noFailures);
      // Pods of stable that had the release already answer until stable's own rolling update has replaced them.
      if (state === 'finishing') await untilOnlyStableAnswers(world);
      else expect(lastSecondOf('canary', report) ?? -1).toBeLessThanOrEqual(abortedAt + obeysWithinSeconds);
    },
    300_000,
  );
});

async function untilOnlyStableAnswers({ service }: BreakableWorld): Promise<void> {
  await waitForDeployment(service.cluster.config, service.namespace, 'vllm');
  let seen = '';
  await waitFor(
    'stable alone to answer',
    async () => {
      const { arms } = await sendMany(service.gateway, service.host, 50);
      seen = JSON.stringify(arms);
      return Object.keys(arms).join() === 'stable' ? true : undefined;
    },
    { seen: () => seen },
  );
}

async function untilDeployment(
  { cluster, namespace }: BreakableWorld['service'],
  name: string,
  isThere: (template: string) => boolean,
): Promise<void> {
  const apps = cluster.config.makeApiClient(AppsV1Api);
  await waitFor(`Deployment ${name} to come to it`, async () => {
    const { items } = await apps.listNamespacedDeployment({ namespace });
    const found = items.find(({ metadata }) => metadata?.name === name);
    return found !== undefined && isThere(JSON.stringify(found.spec?.template)) ? true : undefined;
  });
}
