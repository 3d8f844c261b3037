import { describe, expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/activity';
import { createActivities } from '../../src/activities/index.ts';
import type { GuardFinding } from '../../src/domain/rollout/guarding.ts';
import type { ToldValue } from '../../src/domain/analysis/measurement.ts';
import type { Criterion, GuardPlan } from '../../src/domain/plan/plan.ts';
import type { Look, MetricsPort } from '../../src/ports/metrics.ts';
import { FakeWorld } from '../support/fake-ports.ts';
import { metricsPlan, quickPlan } from '../support/plans.ts';
import { order, ours, quietEnvironment, run } from '../support/run-activity.ts';

const web = { stable: 'http://a/', canary: 'http://b/', path: '$.x', headers: {} };
const quality: Criterion = { metric: 'custom', name: 'quality', minDifference: -0.05 };
const guard: GuardPlan = {
  ...{ criterion: quality, evidence: 'estimate', minimumSamples: 1 },
  ...{ sustainedForMs: 0, windowMs: 60_000 },
};
const [errors] = quickPlan().guards;
if (errors === undefined) throw new Error('the built-in plan has guards');
const plan = quickPlan({
  ...{ guardIntervalMs: 5, guards: [errors, guard] },
  metrics: metricsPlan({ custom: [{ name: 'quality', web }] }),
});

const input = { ...order, plan, weightPercent: 10, weightSinceMs: Date.now() - 10_000_000, known: null };
const counts = { 'error-rate': { bad: 0, total: 1000 } };

/** A world in which the arms are told these qualities. */
function told(canary: ToldValue, stable: ToldValue = { value: 0.9 }): FakeWorld {
  const world = new FakeWorld();
  world.route = { ...world.route, canaryWeightPercent: 10, fence: ours };
  world.measurement = {
    ...{ kind: 'measured', stable: { 'error-rate': { bad: 0, total: 9000 }, 'custom/quality': stable } },
    canary: { ...counts, 'custom/quality': canary },
  };
  return world;
}

/** Null: it was still well after a few looks. */
async function watched(world: FakeWorld, of: typeof input = input): Promise<GuardFinding | null> {
  const environment = quietEnvironment();
  environment.on('heartbeat', () => {
    if (world.asked.filter((it) => it === 'measure').length > 3) environment.cancel();
  });
  return run(world, 'watchGuards', of, environment).catch((error: unknown) => {
    if (error instanceof CancelledFailure) return null;
    throw error;
  });
}

describe('a guard of a value', () => {
  test('rolls back what is told to be worse', async () => {
    expect(await watched(told({ value: 0.8 }))).toMatchObject({
      kind: 'breach',
      verdict: {
        ...{ metric: 'custom/quality', outcome: 'fail' },
        sentence: "quality 0.8, 0.1 less than stable's 0.9, limit > -0.05",
      },
    });
  });

  test.each<ToldValue>([{ value: 0.88 }, { missing: 'nothing' }, { failed: 'HTTP 500' }])(
    '%j breaches nothing',
    async (canary) => {
      expect(await watched(told(canary))).toBeNull();
    },
  );

  test('one odd number is not yet a breach of what must last', async () => {
    const guards = [{ ...guard, sustainedForMs: 60_000 }];
    expect(await watched(told({ value: 0.1 }), { ...input, plan: { ...plan, guards } })).toBeNull();
  });

  test('is asked over its own window alone, not over those of guards that need proof', async () => {
    const world = told({ value: 0.8 });
    const looks: Look[] = [];
    const { metrics, ...ports } = world.ports;
    const noting: MetricsPort = {
      measure: (ofPlan, target, look, signal) => {
        looks.push(look);
        return metrics.measure(ofPlan, target, look, signal);
      },
    };
    const activities = createActivities({ ...ports, metrics: noting });
    const toxicity: Criterion = { metric: 'custom', name: 'toxicity', max: 0.1 };
    const gate = { criterion: toxicity, evidence: 'estimate', minimumSamples: 1 } as const;
    const phases = plan.phases.map((it) => ({ ...it, gates: [...it.gates, gate] }));
    const of = { ...input, plan: { ...plan, phases } };
    await quietEnvironment().run((it: typeof input) => activities.watchGuards(it), of);
    // What gates alone want to know nobody is asked by a guard, and the other way round.
    await quietEnvironment().run((it: typeof input) => {
      return activities.judgeGates({ ...it, phase: 0, windowMs: 1000, undisturbedMs: 1000 });
    }, of);
    expect(looks[1]?.names.filter((it) => it.startsWith('custom/'))).toEqual(['custom/toxicity']);
    expect(looks[0]?.windowsMs.length).toBeGreaterThan(2);
    expect(looks[0]).toMatchObject({
      names: ['error-rate', 'custom/quality', 'e2e-latency'],
      valueWindowsMs: [60_000],
    });
  });
});

describe('at 100 %', () => {
  const all = { ...input, weightPercent: 100 };
  const afterwards = (before: ToldValue, stable: ToldValue) => {
    const world = told({ value: 0.8 }, stable);
    world.route = { ...world.route, canaryWeightPercent: 100 };
    const nothing = { 'error-rate': { bad: 0, total: 0 }, 'custom/quality': stable };
    if (world.measurement.kind === 'measured') world.measurement = { ...world.measurement, stable: nothing };
    const stableBefore = { 'error-rate': { bad: 0, total: 9000 }, 'custom/quality': before };
    world.before = { kind: 'measured', stable: stableBefore, canary: {} };
    return world;
  };

  test('the canary is compared with what was told of stable before', async () => {
    expect(await watched(afterwards({ value: 0.9 }, { value: 0.1 }), all)).toMatchObject({ kind: 'breach' });
    expect(await watched(afterwards({ value: 0.8 }, { value: 0.9 }), all)).toBeNull();
  });

  test('where nobody can tell that, with what is told of stable now', async () => {
    expect(await watched(afterwards({ missing: 'earlier' }, { value: 0.9 }), all)).toMatchObject({
      kind: 'breach',
    });
  });
});

test('the preflight warns of values that nobody tells', async () => {
  const world = told({ missing: 'nothing' }, { failed: 'scores: HTTP 500' });
  const { warnings } = await run(world, 'preflight', { ...order, plan });
  expect(warnings).toContain('no metrics of stable (custom/quality): scores: HTTP 500');
});
