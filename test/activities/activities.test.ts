import { describe, expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import { failureTypes } from '../../src/domain/failures.ts';
import { PortFault } from '../../src/ports/faults.ts';
import { FakeWorld, measured } from '../support/fake-ports.ts';
import { order, ours, plan, quietEnvironment, run } from '../support/run-activity.ts';

describe('shiftWeight', () => {
  test('writes no weight before the canary is ready (S3)', async () => {
    const world = new FakeWorld();
    world.canary = { desired: 2, ready: 1, serving: 1, summary: '1/2 ready' };
    await expect(
      run(world, 'shiftWeight', { ...order, weightPercent: 10, replicas: 2, expectedPercent: 1 }),
    ).rejects.toMatchObject({
      message: 'the canary is not ready: 1/2 ready',
    });
    expect(world.asked).toEqual(['readiness']);
  });

  test('nor before it has as many pods as the phase asks for, whoever took some away', async () => {
    const world = new FakeWorld();
    world.canary = { desired: 1, ready: 1, serving: 1, summary: '1/1 ready' };
    await expect(
      run(world, 'shiftWeight', { ...order, weightPercent: 10, replicas: 2, expectedPercent: 1 }),
    ).rejects.toMatchObject({ message: 'the canary is not ready: 1/1 ready' });
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

describe('watchGuards', () => {
  const input = { ...order, weightPercent: 10, weightSinceMs: Date.now(), known: null };
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
    quiet.measurement = { kind: 'measured', stable: {}, canary: {} };
    const environment = quietEnvironment();
    const watching = run(quiet, 'watchGuards', input, environment);
    environment.on('heartbeat', () => {
      if (quiet.asked.filter((it) => it === 'measure').length > 3) environment.cancel();
    });
    await expect(watching).rejects.toBeInstanceOf(CancelledFailure);
  });

  /** What is asked while a guard looks until `enough`. */
  async function askedBy(made: FakeWorld, enough: () => boolean): Promise<string> {
    const environment = quietEnvironment();
    const watching = run(made, 'watchGuards', input, environment);
    environment.on('heartbeat', () => {
      if (enough()) environment.cancel();
    });
    await expect(watching).rejects.toBeInstanceOf(CancelledFailure);
    expect(made.watching).toBe(0);
    return made.asked.filter((it) => ['measure', 'read', 'foreignChanges'].includes(it)).join(' ');
  }

  test('the cluster is asked at the first look, then only when something may have changed', async () => {
    const made = world();
    const looks = () => made.asked.filter((it) => it === 'measure').length;
    const asked = await askedBy(made, () => {
      made.restless = looks() === 3;
      return looks() > 5;
    });
    const all = 'measure read foreignChanges';
    expect(asked).toMatch(new RegExp(`^${all} measure measure ${all} measure measure`));
  });

  test('what an API server does not answer is asked again at the next look', async () => {
    const made = world();
    const failures = [new Error('away'), new Error('away')];
    made.faults.set('read', () => failures.shift() ?? null);
    const looks = () => made.asked.filter((it) => it === 'measure').length;
    const asked = await askedBy(made, () => looks() > 4);
    expect(asked).toMatch(/^measure read foreignChanges measure read measure read measure measure/);
  });

  test('a weight that somebody else wrote is told (S10), once', async () => {
    const changed = world();
    changed.route = { ...changed.route, canaryWeightPercent: 30 };
    const what = 'HTTPRoute llm asks for 30 %, this rollout wrote 10 %';
    expect(await run(changed, 'watchGuards', input)).toEqual({ kind: 'foreignChange', what });
    changed.measurement = measured(50);
    expect(await run(changed, 'watchGuards', { ...input, known: what })).toMatchObject({ kind: 'breach' });
  });

  test('a gateway that ignores the weights is told, once, although its counts differ from look to look', async () => {
    const ignoring = world();
    ignoring.measurement = measured(0);
    const hourAgo = Date.now() - 3_600_000;
    const sustained = plan.guards.map(() => ({ breachedSinceMs: null }));
    const heartbeatDetails = { lookedAtMs: hourAgo, verdicts: [], sustained };
    const what = 'the gateway is asked for 10 %, and 50.0 % of 2000 requests reach the canary';
    const old = { ...input, weightSinceMs: hourAgo };
    expect(await run(ignoring, 'watchGuards', old, quietEnvironment({ heartbeatDetails }))).toEqual({
      kind: 'foreignChange',
      what,
    });
    const environment = quietEnvironment({ heartbeatDetails });
    const known = what.replace('2000', '1990');
    const watching = run(ignoring, 'watchGuards', { ...old, known }, environment);
    environment.on('heartbeat', () => {
      if (ignoring.asked.filter((it) => it === 'measure').length > 3) environment.cancel();
    });
    await expect(watching).rejects.toBeInstanceOf(CancelledFailure);
  });

  describe('at 100 %', () => {
    const all = { ...input, weightPercent: 100, weightSinceMs: Date.now() - 1000 };
    /** Stable has no requests any more; the canary's take up to half a second, stable's took a tenth. */
    const slow = () => {
      const made = new FakeWorld();
      made.route = { ...made.route, canaryWeightPercent: 100, fence: ours };
      const buckets = [
        { upTo: 0.1, count: 0 },
        { upTo: 0.5, count: 1000 },
        { upTo: null, count: 1000 },
      ];
      const canary = { 'error-rate': { bad: 0, total: 1000 }, 'e2e-latency': { buckets } };
      const stable = { 'error-rate': { bad: 0, total: 0 }, 'e2e-latency': { buckets: [] } };
      made.measurement = { kind: 'measured', stable, canary };
      const fast = [
        { upTo: 0.1, count: 100_000 },
        { upTo: null, count: 100_000 },
      ];
      const before = { 'error-rate': { bad: 0, total: 100_000 }, 'e2e-latency': { buckets: fast } };
      made.before = { kind: 'measured', stable: before, canary: {} };
      return made;
    };

    test('the canary is compared with what stable did before, which is asked for once', async () => {
      expect(await run(slow(), 'watchGuards', all)).toMatchObject({
        kind: 'breach',
        verdict: { metric: 'e2e-latency p99', sentence: expect.stringContaining("stable's 99 ms") },
      });
      const fast = slow();
      fast.measurement = measured(0);
      const environment = quietEnvironment();
      const watching = run(fast, 'watchGuards', all, environment);
      environment.on('heartbeat', () => {
        if (fast.asked.filter((it) => it === 'measure').length > 3) environment.cancel();
      });
      await expect(watching).rejects.toBeInstanceOf(CancelledFailure);
      expect(fast.asked.filter((it) => it === 'measure before')).toHaveLength(1);
    });

    test('when nobody knows what stable did, nothing is compared', async () => {
      const made = slow();
      made.before = { kind: 'providerError', why: 'Prometheus is away' };
      const environment = quietEnvironment();
      const watching = run(made, 'watchGuards', all, environment);
      environment.on('heartbeat', () => {
        if (made.asked.filter((it) => it === 'measure').length > 3) environment.cancel();
      });
      await expect(watching).rejects.toBeInstanceOf(CancelledFailure);
    });
  });

  test('the next weight of the same rollout is no foreign change', async () => {
    const shifted = world();
    shifted.route = { ...shifted.route, canaryWeightPercent: 50, fence: { ...ours, epoch: 9 } };
    const environment = quietEnvironment();
    const watching = run(shifted, 'watchGuards', input, environment);
    environment.on('heartbeat', () => {
      shifted.restless = true;
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

  test('no guard looks back beyond the start of the weight', async () => {
    const young = world();
    young.measurement = measured(50);
    await run(young, 'watchGuards', { ...input, weightSinceMs: Date.now() - 5000 });
    expect(young.windowsMs.every((it) => it >= 5000 && it < 10_000)).toBe(true);
    expect(young.windowsMs).toHaveLength(1);
  });

  test('a breach that must last goes on counting in the next attempt', async () => {
    const lasting = { ...plan, guards: plan.guards.map((it) => ({ ...it, sustainedForMs: 60_000 })) };
    const bad = world();
    bad.measurement = measured(50);
    const minuteAgo = Date.now() - 61_000;
    const heartbeatDetails = {
      lookedAtMs: minuteAgo,
      verdicts: [],
      sustained: [minuteAgo, null, null].map((it) => ({ breachedSinceMs: it })),
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
  test('its name on the route, canary, then autoscaler, then the next rollout may come', async () => {
    const world = new FakeWorld();
    await run(world, 'clearAway', order);
    expect(world.asked).toEqual(['moveBack', 'removeCanary', 'releaseStable', 'release']);
  });

  test('another rollout’s route is left alone; the canary goes all the same', async () => {
    const world = new FakeWorld();
    const stale = () => new PortFault(failureTypes.StaleWrite, 'not ours');
    world.faults.set('moveBack', stale);
    world.faults.set('release', stale);
    await run(world, 'clearAway', order);
    expect(world.asked).toEqual(['moveBack', 'removeCanary', 'releaseStable', 'release']);
  });
});
