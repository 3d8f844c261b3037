import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.ts';
import type { Order, RolloutActivities } from '../../src/activities/types.ts';
import { failureTypes } from '../../src/domain/failures.ts';
import type { FenceOnRoute } from '../../src/domain/rollout/fence.ts';
import { PortFault } from '../../src/ports/faults.ts';
import { FakeWorld, measured } from '../support/fake-ports.ts';
import { quickPlan } from '../support/plans.ts';

const fence = { rolloutId: 'run-1', startedAtMs: 1000, epoch: 5 };
const ours: FenceOnRoute = { ...fence, released: false };
const plan = quickPlan({ guardIntervalMs: 5 });
const order: Order = { plan, fence };

/** The SDK's own mock of the context, which tells of no failure that a test wants. */
function quietEnvironment(info: { readonly heartbeatDetails?: unknown } = {}): MockActivityEnvironment {
  return new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
}

/** Runs one activity. */
function run<Name extends keyof RolloutActivities>(
  world: FakeWorld,
  name: Name,
  input: Parameters<RolloutActivities[Name]>[0],
  environment = quietEnvironment(),
): Promise<Awaited<ReturnType<RolloutActivities[Name]>>> {
  const activity = createActivities(world.ports)[name] as (input: unknown) => Promise<never>;
  return environment.run(activity, input);
}

describe('preflight', () => {
  test('tells how much stable runs', async () => {
    expect(await run(new FakeWorld(), 'preflight', order)).toEqual({ stableReplicas: 2, warnings: [] });
  });

  test('warns where there is nothing to compare with', async () => {
    const world = new FakeWorld();
    world.measurement = {
      kind: 'measured',
      stable: { missing: 'nobody scrapes it' },
      canary: { missing: 'new' },
    };
    const { warnings } = await run(world, 'preflight', order);
    expect(warnings).toEqual(['no metrics of stable: nobody scrapes it']);
  });

  test('tells all problems at once, and that a retry is of no use', async () => {
    const world = new FakeWorld();
    world.route = { ...world.route, fence: { ...ours, rolloutId: 'run-0' } };
    world.inspection = {
      ...world.inspection,
      problems: ['Service vllm has no port 8000'],
      sameTemplate: true,
      leftovers: ['Deployment vllm-canary'],
    };
    world.measurement = { kind: 'providerError', why: 'Prometheus does not answer' };
    const failure = await run(world, 'preflight', order).catch(
      (error: unknown) => error as ApplicationFailure,
    );
    expect(failure).toMatchObject({ type: failureTypes.PreflightFailed, nonRetryable: true });
    expect((failure as Error).message.split('\n')).toEqual([
      'Service vllm has no port 8000',
      'HTTPRoute llm: rollout run-0 owns the route; if that rollout no longer runs, give stable all the weight and remove the annotation sluice.dev/fence',
      "Deployment vllm already runs v2: the release's patch changes nothing",
      'left over from an earlier rollout: Deployment vllm-canary; remove them once the route leads to stable alone',
      'metrics: Prometheus does not answer',
    ]);
  });
});

describe('readyCanary', () => {
  const input = { ...order, replicas: 2 };

  test('creates, scales, waits, warms up', async () => {
    const world = new FakeWorld();
    world.route = { ...world.route, fence: ours };
    await run(world, 'readyCanary', input);
    expect(world.asked).toEqual(['read', 'createCanary', 'scaleCanary 2', 'readiness', 'warm']);
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

describe('shiftWeight', () => {
  test('writes no weight before the canary is ready (S3)', async () => {
    const world = new FakeWorld();
    world.canary = { desired: 2, ready: 1, serving: 1, summary: '1/2 ready' };
    await expect(
      run(world, 'shiftWeight', { ...order, weightPercent: 10, expectedPercent: 1 }),
    ).rejects.toMatchObject({
      message: 'the canary is not ready: 1/2 ready',
    });
    expect(world.asked).toEqual(['readiness']);
  });
});

describe('drainCanary', () => {
  test('waits until the pods have answered what they had begun', async () => {
    const world = new FakeWorld();
    world.running.push(3, 1);
    await run(world, 'drainCanary', order);
    expect(world.asked).toEqual(['runningRequests', 'runningRequests', 'runningRequests']);
  });

  test('does not wait for pods that do not tell', async () => {
    const world = new FakeWorld();
    world.running.push(null, 5);
    await run(world, 'drainCanary', order);
    expect(world.asked).toEqual(['runningRequests']);
  });

  test('ends when its time is over, counted from the first attempt', async () => {
    const world = new FakeWorld();
    world.running.push(...Array.from({ length: 100 }, () => 1));
    const heartbeatDetails = { sinceMs: Date.now() - plan.deadlines.drainMs, running: 1 };
    await run(world, 'drainCanary', order, quietEnvironment({ heartbeatDetails }));
    expect(world.asked).toEqual([]);
  });

  test('an API server that is away is asked again, not taken for an idle canary', async () => {
    const world = new FakeWorld();
    let left = 1;
    world.faults.set('runningRequests', () => {
      left -= 1;
      return left >= 0 ? new PortFault(failureTypes.Unavailable, '500') : null;
    });
    await run(world, 'drainCanary', order);
    expect(world.asked).toHaveLength(2);
  });
});

describe('renewStable', () => {
  test('gives up at the deadline, with what it saw', async () => {
    const world = new FakeWorld();
    world.route = { ...world.route, fence: ours };
    world.stable = { desired: 2, ready: 1, serving: 2, summary: '1/2 ready: no room' };
    const impatient = { ...order, plan: { ...plan, deadlines: { ...plan.deadlines, canaryReadyMs: 0 } } };
    await expect(run(world, 'renewStable', impatient)).rejects.toMatchObject({
      type: failureTypes.StableNotReady,
      message: '1/2 ready: no room',
      nonRetryable: true,
    });
  });
});

test('undoStable goes on trying what is refused now, and leaves what somebody else decided', async () => {
  const world = new FakeWorld();
  world.faults.set('undoStable', () => new PortFault(failureTypes.Refused, '403'));
  await expect(run(world, 'undoStable', order)).rejects.toMatchObject({ nonRetryable: false });
  world.faults.set('undoStable', () => new PortFault(failureTypes.ForeignChange, 'another template'));
  await expect(run(world, 'undoStable', order)).rejects.toMatchObject({ nonRetryable: true });
});

test('clearAway tells what was left as somebody else had set it', async () => {
  const world = new FakeWorld();
  world.kept = ['HorizontalPodAutoscaler vllm: minReplicas stays 5'];
  expect(await run(world, 'clearAway', order)).toEqual(world.kept);
});

describe('moveTrafficBack', () => {
  test('the route is its first write, whatever else is broken (S1)', async () => {
    const world = new FakeWorld();
    world.stable = { desired: 4, ready: 3, serving: 3, summary: '3/4 ready' };
    world.canary = null;
    await run(world, 'moveTrafficBack', order);
    expect(world.asked).toEqual(['readiness', 'moveBack', 'read']);
  });

  test('an API server that does not say how many pods are ready does not hold it up', async () => {
    const world = new FakeWorld();
    world.faults.set('readiness', () => new PortFault(failureTypes.Unavailable, '500'));
    await run(world, 'moveTrafficBack', order);
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
    await run(world, 'moveTrafficBack', order, environment);
    expect(world.asked).toEqual(['readiness', 'readiness', 'moveBack', 'read']);
  });

  test('a route that was never claimed is claimed now, so that a late claim is refused', async () => {
    const world = new FakeWorld();
    let first = true;
    world.faults.set('moveBack', () => {
      if (!first) return null;
      first = false;
      return new PortFault(failureTypes.StaleWrite, 'not claimed');
    });
    await run(world, 'moveTrafficBack', order);
    expect(world.asked).toEqual(['readiness', 'moveBack', 'claim', 'moveBack', 'read']);
  });

  test('another rollout’s route is left alone', async () => {
    const world = new FakeWorld();
    world.faults.set('moveBack', () => new PortFault(failureTypes.StaleWrite, 'not ours'));
    world.faults.set('claim', () => new PortFault(failureTypes.TargetTaken, 'taken'));
    await run(world, 'moveTrafficBack', order);
    expect(world.asked.filter((it) => it === 'moveBack')).toHaveLength(1);
  });

  test('a fault is told to Temporal as one to retry, with the time that the server asked for', async () => {
    const world = new FakeWorld();
    world.faults.set(
      'moveBack',
      () => new PortFault(failureTypes.Unavailable, '429', { retryAfterMs: 2000 }),
    );
    await expect(run(world, 'moveTrafficBack', order)).rejects.toMatchObject({
      nonRetryable: false,
      nextRetryDelay: 2000,
    });
  });
});

test('moveTrafficBack goes on trying what is refused now (S7)', async () => {
  const world = new FakeWorld();
  world.faults.set('moveBack', () => new PortFault(failureTypes.Refused, '401'));
  await expect(run(world, 'moveTrafficBack', order)).rejects.toMatchObject({
    type: failureTypes.Refused,
    nonRetryable: false,
  });
});

describe('watchGuards', () => {
  const input = { ...order, weightPercent: 10, trafficSinceMs: 0, known: null };
  const world = () => {
    const made = new FakeWorld();
    made.route = { ...made.route, canaryWeightPercent: 10, fence: ours };
    return made;
  };

  test('comes back with a breach', async () => {
    const bad = world();
    bad.measurement = measured(50);
    expect(await run(bad, 'watchGuards', input)).toMatchObject({
      kind: 'breach',
      verdict: { metric: 'error-rate', outcome: 'fail' },
    });
  });

  test('looks until it is cancelled while all is well, and no data is no breach', async () => {
    const quiet = world();
    quiet.measurement = { kind: 'noData', why: 'nothing' };
    const environment = quietEnvironment();
    const watching = run(quiet, 'watchGuards', input, environment);
    environment.on('heartbeat', () => {
      if (quiet.asked.filter((it) => it === 'measure').length > 3) environment.cancel();
    });
    await expect(watching).rejects.toBeInstanceOf(CancelledFailure);
  });

  test('a weight that somebody else wrote is told (S10), once', async () => {
    const changed = world();
    changed.route = { ...changed.route, canaryWeightPercent: 30 };
    const what = 'HTTPRoute llm asks for 30 %, this rollout wrote 10 %';
    expect(await run(changed, 'watchGuards', input)).toEqual({ kind: 'foreignChange', what });
    changed.measurement = measured(50);
    expect(await run(changed, 'watchGuards', { ...input, known: what })).toMatchObject({ kind: 'breach' });
  });

  test('the next weight of the same rollout is no foreign change', async () => {
    const shifted = world();
    shifted.route = { ...shifted.route, canaryWeightPercent: 50, fence: { ...ours, epoch: 9 } };
    const environment = quietEnvironment();
    const watching = run(shifted, 'watchGuards', input, environment);
    environment.on('heartbeat', () => {
      if (shifted.asked.filter((it) => it === 'read').length > 2) environment.cancel();
    });
    await expect(watching).rejects.toBeInstanceOf(CancelledFailure);
  });

  test('what others changed of stable or canary is told (S10)', async () => {
    const changed = world();
    changed.changes = ['Deployment vllm-canary has 0 replicas'];
    expect(await run(changed, 'watchGuards', input)).toEqual({
      kind: 'foreignChange',
      what: changed.changes[0],
    });
  });

  test('no guard looks back beyond the canary’s first request', async () => {
    const young = world();
    young.measurement = measured(50);
    await run(young, 'watchGuards', { ...input, trafficSinceMs: Date.now() - 5000 });
    expect(young.windowsMs.every((it) => it >= 5000 && it < 10_000)).toBe(true);
    expect(young.windowsMs).toHaveLength(1);
  });

  test('a breach that must last goes on counting in the next attempt', async () => {
    const lasting = { ...plan, guards: plan.guards.map((it) => ({ ...it, sustainedForMs: 60_000 })) };
    const bad = world();
    bad.measurement = measured(50);
    const minuteAgo = Date.now() - 61_000;
    const heartbeatDetails = {
      sinceMs: minuteAgo,
      lookedAtMs: minuteAgo,
      verdicts: [],
      sustained: [{ breachedSinceMs: minuteAgo }, { breachedSinceMs: null }],
    };
    const environment = quietEnvironment({ heartbeatDetails });
    expect(await run(bad, 'watchGuards', { ...input, plan: lasting }, environment)).toMatchObject({
      kind: 'breach',
    });
  });

  test('an API server that is away is no foreign change', async () => {
    const away = world();
    away.faults.set('read', () => new PortFault(failureTypes.Unavailable, '500'));
    const environment = quietEnvironment();
    const watching = run(away, 'watchGuards', input, environment);
    environment.on('heartbeat', () => {
      if (away.asked.filter((it) => it === 'read').length > 2) environment.cancel();
    });
    await expect(watching).rejects.toBeInstanceOf(CancelledFailure);
  });
});

describe('clearAway', () => {
  test('canary, then autoscaler, then the next rollout may come', async () => {
    const world = new FakeWorld();
    await run(world, 'clearAway', order);
    expect(world.asked).toEqual(['removeCanary', 'releaseStable', 'release']);
  });
});
