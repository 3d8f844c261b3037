import { describe, expect, test } from '@jest/globals';
import { failureTypes } from '../../src/domain/failures.ts';
import { PortFault } from '../../src/ports/faults.ts';
import { FakeWorld } from '../support/fake-ports.ts';
import { order, quietEnvironment, run } from '../support/run-activity.ts';

describe('moveTrafficBack', () => {
  test('the route is its first write, whatever else is broken (S1)', async () => {
    const world = new FakeWorld();
    world.stable = { desired: 4, ready: 3, serving: 3, summary: '3/4 ready' };
    world.canary = null;
    world.route = { ...world.route, canaryWeightPercent: 10 };
    await run(world, 'moveTrafficBack', { ...order, waits: true });
    expect(world.asked).toEqual(['readiness', 'read', 'shift 0', 'read']);
  });

  test('a canary without weight goes from the route at once', async () => {
    const world = new FakeWorld();
    await run(world, 'moveTrafficBack', { ...order, waits: true });
    expect(world.asked).toEqual(['readiness', 'read', 'moveBack', 'read']);
  });

  test('a route that lets nobody take the weight is put back as a whole', async () => {
    const world = new FakeWorld();
    world.route = { ...world.route, canaryWeightPercent: null };
    world.faults.set('shift 0', () => new PortFault(failureTypes.StaleWrite, 'somebody removed the fence'));
    await run(world, 'moveTrafficBack', { ...order, waits: true });
    expect(world.asked).toEqual(['readiness', 'read', 'shift 0', 'moveBack', 'read']);
  });

  test('a weight that the API server does not take now is tried again', async () => {
    const world = new FakeWorld();
    world.route = { ...world.route, canaryWeightPercent: 10 };
    world.faults.set('shift 0', () => new PortFault(failureTypes.Unavailable, '500'));
    await expect(run(world, 'moveTrafficBack', { ...order, waits: true })).rejects.toMatchObject({
      nonRetryable: false,
    });
    expect(world.asked).not.toContain('moveBack');
  });

  test('an API server that does not say how many pods are ready does not hold it up', async () => {
    const world = new FakeWorld();
    world.faults.set('readiness', () => new PortFault(failureTypes.Unavailable, '500'));
    await run(world, 'moveTrafficBack', { ...order, waits: true });
    expect(world.asked).toContain('moveBack');
  });

  test('with no pod of stable ready it waits, says so, and goes back once one is', async () => {
    const world = new FakeWorld();
    world.stable = { desired: 4, ready: 0, serving: 0, summary: '0/4 ready' };
    const environment = quietEnvironment();
    environment.on('heartbeat', (details: unknown) => {
      if (typeof details !== 'string') return;
      expect(details).toBe('stable has no ready pod: the traffic stays on the canary until it has one');
      expect(world.asked).not.toContain('moveBack');
      world.stable = { ...world.stable, serving: 1 };
    });
    await run(world, 'moveTrafficBack', { ...order, waits: true }, environment);
    expect(world.asked).toEqual(['readiness', 'read', 'readiness', 'read', 'moveBack', 'read']);
  });

  test('with no pod of stable ready it fails at once where it is not to wait', async () => {
    const world = new FakeWorld();
    world.stable = { desired: 4, ready: 0, serving: 0, summary: '0/4 ready' };
    await expect(run(world, 'moveTrafficBack', { ...order, waits: false })).rejects.toMatchObject({
      type: failureTypes.NoStablePod,
      nonRetryable: true,
    });
    expect(world.asked).toEqual(['readiness', 'read']);
  });

  test('a route that was never claimed is claimed now, so that a late claim is refused', async () => {
    const world = new FakeWorld();
    let first = true;
    world.faults.set('moveBack', () => {
      if (!first) return null;
      first = false;
      return new PortFault(failureTypes.StaleWrite, 'not claimed');
    });
    await run(world, 'moveTrafficBack', { ...order, waits: true });
    expect(world.asked).toEqual(['readiness', 'read', 'moveBack', 'claim', 'moveBack', 'read']);
  });

  test('another rollout’s route is left alone', async () => {
    const world = new FakeWorld();
    world.faults.set('moveBack', () => new PortFault(failureTypes.StaleWrite, 'not ours'));
    world.faults.set('claim', () => new PortFault(failureTypes.TargetTaken, 'taken'));
    await run(world, 'moveTrafficBack', { ...order, waits: true });
    expect(world.asked.filter((it) => it === 'moveBack')).toHaveLength(1);
  });

  test.each([
    { asked: 2000, waits: 2000 },
    { asked: 60_000, waits: 5000 },
  ])('a server that asks for $asked ms is asked again after $waits ms', async ({ asked, waits }) => {
    const world = new FakeWorld();
    world.faults.set(
      'moveBack',
      () => new PortFault(failureTypes.Unavailable, '429', { retryAfterMs: asked }),
    );
    await expect(run(world, 'moveTrafficBack', { ...order, waits: true })).rejects.toMatchObject({
      nonRetryable: false,
      nextRetryDelay: waits,
    });
  });

  test('goes on trying what is refused now (S7)', async () => {
    const world = new FakeWorld();
    world.faults.set('moveBack', () => new PortFault(failureTypes.Refused, '401'));
    await expect(run(world, 'moveTrafficBack', { ...order, waits: true })).rejects.toMatchObject({
      type: failureTypes.Refused,
      nonRetryable: false,
    });
  });
});
