import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../../dev/cluster/wait.ts';
import { abort, advance } from '../../src/workflows/messages.ts';
import type { Disturbance } from '../support/api-proxy.ts';
import { BreakableWorld } from '../support/breakable-world.ts';
import { errorGate, longPhase } from '../support/error-criteria.ts';
import { failures, noFailures } from '../support/load-facts.ts';
import { pendingActivity } from '../support/pending-activities.ts';
import { standinRelease } from '../support/releases.ts';
import { readBackends, untilTrafficIsBack } from '../support/route.ts';

const second = 1000;
const person = { by: 'ann', reason: 'a test' };
const aborted = { status: 'rolledBack', reason: 'abort', leftToDo: [] };
/** Measured: well under a second. A machine with forty processes in its queue needed more than five. */
const backWithinMs = 10 * second;
/** The way back is tried again every 5 s at the latest; one attempt may wait 5 s for each of two answers. */
const recoversWithinMs = 20 * second;
const outageMs = 20 * second;

const container = { lifecycle: { preStop: { sleep: { seconds: 1 } } } };
const release = standinRelease('canary', { container });

describe('the world is broken, on the real platform and under load', () => {
  let world: BreakableWorld;
  beforeAll(async () => {
    world = await BreakableWorld.open('broken', 20);
  }, 300_000);
  afterEach(() => world.settle(), 90_000);
  afterAll(() => world.close(), 120_000);

  const nothingFailed = () => {
    expect(failures(world.load.snapshot())).toEqual(noFailures);
  };

  describe('Prometheus', () => {
    test.each<{ how: string; breaks: () => Promise<void> }>([
      { how: 'refuses connections', breaks: () => world.prometheus.refuse() },
      {
        how: 'never answers',
        breaks: () => {
          world.prometheus.fallSilent();
          return Promise.resolve();
        },
      },
    ])(
      '$how: the gates hold, nothing is promoted, and an abort is obeyed at once',
      async ({ breaks }) => {
        const before = await world.objects();
        const phases = [longPhase(50, { gates: [errorGate] }), longPhase(100)];
        const run = await world.start(world.plan({ release, phases }));
        await run.reaches('baking');
        await breaks();
        await run.handle.executeUpdate(advance, { args: [{ ...person, full: false }] });
        const { holdReason } = await run.reaches('holding');
        expect(holdReason).toMatch(/^error rate not judged, metrics provider failed: Prometheus: /);

        await run.handle.signal(abort, person);
        await untilTrafficIsBack(world.service, backWithinMs);
        expect(await run.outcome()).toMatchObject(aborted);
        expect(await world.objects()).toEqual(before);
        nothingFailed();
        await world.prometheus.recover();
      },
      300_000,
    );

    test('comes back: the gates that held pass by themselves', async () => {
      const before = await world.objects();
      const phases = [longPhase(50, { gates: [errorGate] }), longPhase(100)];
      const run = await world.start(world.plan({ release, phases }));
      await run.reaches('baking');
      await world.prometheus.refuse();
      await run.handle.executeUpdate(advance, { args: [{ ...person, full: false }] });
      await run.reaches('holding');
      await world.prometheus.recover();
      const { weightPercent } = await run.reaches('baking');
      expect(weightPercent).toBe(100);
      await run.handle.signal(abort, person);
      expect(await run.outcome()).toMatchObject(aborted);
      expect(await world.objects()).toEqual(before);
      nothingFailed();
    }, 300_000);
  });

  describe('the API server', () => {
    test.each<{ how: string; answer: NonNullable<Disturbance['answer']> }>([
      { how: 'answers 500', answer: { status: 500, body: { message: 'etcd is not there' } } },
      {
        how: 'answers 429, come again in 10 min',
        answer: { status: 429, headers: { 'retry-after': '600' } },
      },
      { how: 'does not answer', answer: 'nothing' },
    ])(
      '$how for 20 s, from just before the abort: the traffic is back once it answers',
      async ({ answer }) => {
        const before = await world.objects();
        const run = await world.start(world.plan({ release }));
        await run.reaches('baking');
        world.breakApi(answer);
        await run.handle.signal(abort, person);
        // What the abort meets for all this time; nobody could have moved the traffic.
        await delay(outageMs);
        expect(await readBackends(world.service)).toBe('vllm 50, vllm-canary 50');
        const trying = await pendingActivity(run.handle, 'moveTrafficBack');
        world.recoverApi();
        expect(trying?.lastFailure).toMatch(/^cannot read HTTPRoute .*: (500|429|no answer)/);
        await untilTrafficIsBack(world.service, recoversWithinMs);
        expect(await run.outcome()).toMatchObject(aborted);
        expect(await world.objects()).toEqual(before);
        nothingFailed();
      },
      300_000,
    );
  });

  test('a canary whose image does not exist: says so, and an abort ends it', async () => {
    const before = await world.objects();
    const missing = standinRelease('canary', {
      container: { image: 'localhost/sluice/no-such-image:1', imagePullPolicy: 'Never' },
    });
    const run = await world.start(world.plan({ release: missing }));
    let seen = '';
    await waitFor(
      'readyCanary to say what is wrong',
      async () => {
        seen = JSON.stringify(await pendingActivity(run.handle, 'readyCanary'));
        return seen.includes('0/1 ready: ErrImageNeverPull') ? true : undefined;
      },
      { seen: () => seen },
    );
    await run.handle.signal(abort, person);
    await untilTrafficIsBack(world.service, backWithinMs);
    expect(await run.outcome()).toMatchObject(aborted);
    expect(await world.objects()).toEqual(before);
    nothingFailed();
  }, 300_000);
});
