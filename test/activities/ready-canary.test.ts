import { describe, expect, test } from '@jest/globals';
import { failureTypes } from '../../src/domain/failures.ts';
import { PortFault } from '../../src/ports/faults.ts';
import { FakeWorld } from '../support/fake-ports.ts';
import { order, ours, plan, run } from '../support/run-activity.ts';

describe('readyCanary', () => {
  const input = { ...order, replicas: 2 };

  test('creates, names it on the route, scales, waits, warms up', async () => {
    const world = new FakeWorld();
    world.route = { ...world.route, fence: ours };
    await run(world, 'readyCanary', input);
    expect(world.asked).toEqual(['read', 'createCanary', 'shift 0', 'scaleCanary 2', 'readiness', 'warm']);
  });

  test('a canary that has weight keeps it while it grows', async () => {
    const world = new FakeWorld();
    world.route = { ...world.route, fence: ours, canaryWeightPercent: 10 };
    await run(world, 'readyCanary', input);
    expect(world.asked).toEqual(['read', 'createCanary', 'scaleCanary 2', 'readiness', 'warm']);
  });

  test('a weight that somebody else wrote meanwhile is not for it to answer', async () => {
    const world = new FakeWorld();
    world.route = { ...world.route, fence: ours };
    world.faults.set('shift 0', () => new PortFault(failureTypes.ForeignChange, 'it is 30 %'));
    await run(world, 'readyCanary', input);
    expect(world.asked.at(-1)).toBe('warm');
  });

  test('an attempt that slept through a rollback makes nothing (S4)', async () => {
    const world = new FakeWorld();
    world.route = { ...world.route, fence: { ...ours, epoch: 6 } };
    await expect(run(world, 'readyCanary', input)).rejects.toMatchObject({
      type: failureTypes.StaleWrite,
      nonRetryable: true,
    });
    expect(world.asked).toEqual(['read']);
  });

  test('gives up at the deadline, with what it saw', async () => {
    const world = new FakeWorld();
    world.route = { ...world.route, fence: ours };
    world.canary = { desired: 2, ready: 0, serving: 0, summary: '0/2 ready: ImagePullBackOff' };
    const impatient = { ...input, plan: { ...plan, deadlines: { ...plan.deadlines, canaryReadyMs: 0 } } };
    await expect(run(world, 'readyCanary', impatient)).rejects.toMatchObject({
      type: failureTypes.CanaryNotReady,
      message: '0/2 ready: ImagePullBackOff',
    });
  });
});
