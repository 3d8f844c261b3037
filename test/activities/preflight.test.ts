import { describe, expect, test } from '@jest/globals';
import { CancelledFailure, type ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../src/domain/failures.ts';
import type { Order } from '../../src/activities/types.ts';
import type { GatePlan } from '../../src/domain/plan/plan.ts';
import { service } from '../domain/prospects/services.ts';
import { FakeWorld } from '../support/fake-ports.ts';
import { order, ours, quietEnvironment, run } from '../support/run-activity.ts';

const hourMs = 3_600_000;
/** Requests an hour. */
const [busy, quiet] = [36_000, 3600];

/** One gate that asks for proof, after an hour at 50 %. */
const hourly: Order = {
  ...order,
  plan: {
    ...order.plan,
    phases: [
      {
        ...{ weightPercent: 50, bakeMs: hourMs, requireApproval: false },
        gates: [{ criterion: { metric: 'error-rate', max: 0.001 }, evidence: 'proven', minimumSamples: 300 }],
      },
      { weightPercent: 100, bakeMs: 0, gates: [], requireApproval: false },
    ],
  },
};

function worldWith(requests: number): FakeWorld {
  const world = new FakeWorld();
  const stable = { 'error-rate': { bad: 0, total: requests } };
  world.measurement = { kind: 'measured', stable, canary: {} };
  return world;
}

describe('preflight', () => {
  test('tells how much stable runs', async () => {
    expect(await run(worldWith(busy), 'preflight', hourly)).toEqual({ stableReplicas: 2, warnings: [] });
  });

  test('warns where there is nothing to compare with', async () => {
    const world = new FakeWorld();
    world.measurement = {
      kind: 'measured',
      stable: {
        'error-rate': { missing: 'nobody scrapes it' },
        'e2e-latency': { missing: 'nobody scrapes it' },
      },
      canary: {},
    };
    const { warnings } = await run(world, 'preflight', order);
    expect(warnings).toEqual(['no metrics of stable (error-rate, e2e-latency): nobody scrapes it']);
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
      'HTTPRoute llm: rollout run-0 owns the route; if that rollout no longer runs, put the target back: sluice restore -n llm --route llm',
      "Deployment vllm already runs v2: the release's patch changes nothing",
      'left over from an earlier rollout: Deployment vllm-canary; if that one no longer runs, clear them away: sluice restore FILE',
      'metrics: Prometheus does not answer',
    ]);
  });

  test('warns of gates that will hardly pass with as little traffic as there is', async () => {
    const { warnings } = await run(worldWith(quiet), 'preflight', hourly);
    expect(warnings).toEqual([
      'phase 1: error-rate < 0.1 % will hardly pass at 1 requests/s: it takes a bake of 2 h 3 min',
    ]);
  });

  test('refuses them when the plan says so', async () => {
    const strict = { ...hourly, plan: { ...hourly.plan, onUnprovable: 'refuse' as const } };
    await expect(run(worldWith(quiet), 'preflight', strict)).rejects.toMatchObject({
      type: failureTypes.PreflightFailed,
      message: expect.stringContaining('phase 1: error-rate < 0.1 % will hardly pass'),
    });
    await expect(run(worldWith(busy), 'preflight', strict)).resolves.toMatchObject({ warnings: [] });
  });

  test('warns of a service that is sent nothing', async () => {
    const { warnings } = await run(worldWith(0), 'preflight', hourly);
    expect(warnings).toEqual(['stable had no requests in the last 1 h: gates will lack samples']);
  });
});

describe('a preflight that computes for long', () => {
  /** Quantiles that need a longer bake: it is looked for, and each that is tried takes milliseconds. */
  const gate: GatePlan = {
    criterion: { metric: 'e2e-latency', quantile: 0.5, maxRatio: 1.05 },
    ...{ evidence: 'proven', minimumSamples: 300 },
  };
  const withGates = (count: number): Order => {
    const gates = Array.from({ length: count }, () => gate);
    const phases = [{ weightPercent: 50, bakeMs: hourMs, requireApproval: false, gates }];
    return { ...order, plan: { ...order.plan, phases } };
  };
  const world = new FakeWorld();
  world.measurement = { kind: 'measured', stable: service(10, 0).stable, canary: {} };

  /** How often other work of the event loop has its turn meanwhile. */
  async function turnsDuring(input: Order): Promise<number> {
    let turns = 0;
    let counting = setImmediate(function count() {
      turns += 1;
      counting = setImmediate(count);
    });
    const { warnings } = await run(world, 'preflight', input);
    clearImmediate(counting);
    expect(warnings).toHaveLength(input.plan.phases[0]?.gates.length ?? 0);
    return turns;
  }

  test('lets other work have its turn between gates, and within each', async () => {
    const one = await turnsDuring(withGates(1));
    expect(one).toBeGreaterThan(5);
    expect(await turnsDuring(withGates(3))).toBeGreaterThan(2 * one);
  });

  test('ends on the way when it is cancelled', async () => {
    const environment = quietEnvironment();
    const preflight = run(world, 'preflight', withGates(3), environment);
    setImmediate(() => {
      environment.cancel();
    });
    await expect(preflight).rejects.toThrow(CancelledFailure);
  });
});
