import { describe, expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import type { ArmMeasurement, Measurement } from '../../src/domain/analysis/measurement.ts';
import { ownRequestsSettleMs } from '../../src/domain/judge/own-requests.ts';
import type { Criterion, Plan } from '../../src/domain/plan/plan.ts';
import type { GuardFinding, GuardProgress } from '../../src/domain/rollout/guarding.ts';
import { FakeWorld } from '../support/fake-ports.ts';
import { judgePlan, metricsPlan, quickPlan } from '../support/plans.ts';
import { order, ours, quietEnvironment, run } from '../support/run-activity.ts';

const minute = 60_000;
const plan = quickPlan({ guardIntervalMs: 5, judge: judgePlan() });
const startedAtMs = Date.now() - 10 * minute;
const input = {
  ...order,
  plan,
  fence: { ...order.fence, startedAtMs },
  weightPercent: 10,
  weightSinceMs: startedAtMs,
  known: null,
};

const arm = (total: number, costs: number): ArmMeasurement => {
  return {
    'error-rate': { bad: 0, total },
    'cost-per-request': { count: 5000, mean: costs, deviation: costs / 10 },
  };
};
/** No request fails; one of the canary costs so many times what one of stable costs. */
const dear = (times: number): Measurement => {
  return { kind: 'measured', stable: arm(9000, 1), canary: arm(1000, times) };
};

function world(measurement: Measurement, percent = 10): FakeWorld {
  const made = new FakeWorld();
  made.route = { ...made.route, canaryWeightPercent: percent, fence: ours };
  made.measurement = measurement;
  return made;
}

/** Like an attempt before this one that has looked until now. @param undisturbedSinceMs what it knew. */
function remembering(
  undisturbedSinceMs: number | null,
  { guards }: Plan = plan,
): { readonly heartbeatDetails: unknown } {
  const sustained = guards.map(() => ({ breachedSinceMs: null }));
  return { heartbeatDetails: { lookedAtMs: Date.now(), verdicts: [], sustained, undisturbedSinceMs } };
}

/** What the guards find, and what they showed last; cancelled when they go on looking. */
async function watched(
  made: FakeWorld,
  of: Omit<typeof input, 'plan'> & { readonly plan: Plan },
  before: { readonly heartbeatDetails?: unknown } = {},
): Promise<{ readonly finding: GuardFinding | null; readonly shown: GuardProgress | null }> {
  const environment = quietEnvironment(before);
  let shown: GuardProgress | null = null;
  let looks = 0;
  environment.on('heartbeat', (details: unknown) => {
    if ((details as GuardProgress | undefined)?.verdicts.length) shown = details as GuardProgress;
    looks += 1;
    if (looks > 4) environment.cancel();
  });
  const watching = run(made, 'watchGuards', of, environment);
  const finding = await watching.catch((error: unknown) => {
    if (error instanceof CancelledFailure) return null;
    throw error;
  });
  return { finding, shown };
}

const always = (asks: boolean) => Array.from({ length: 100 }, () => asks);

describe("while an LLM judge asks, its requests are in vLLM's counters", () => {
  test('cost is not looked at, and says why; the other guards look as ever', async () => {
    const made = world(dear(10));
    made.asking.push(...always(true));
    const { finding, shown } = await watched(made, input);
    expect(finding).toBeNull();
    expect(shown?.verdicts).toMatchObject([
      { metric: 'error-rate', outcome: 'pass' },
      { metric: 'e2e-latency p99' },
      {
        metric: 'cost-per-request',
        outcome: 'inconclusive',
        gap: 'judgeAsks',
        sentence:
          "cost per request not judged: vLLM counts the LLM judge's requests, too, and it asks or has just asked",
      },
    ]);
    const failing = world({
      ...dear(10),
      canary: { 'error-rate': { bad: 100, total: 1000 } },
    } as Measurement);
    failing.asking.push(...always(true));
    expect((await watched(failing, input)).finding).toMatchObject({ verdict: { metric: 'error-rate' } });
  });

  test('the same costs are a breach where nobody judges', async () => {
    const breach = { kind: 'breach', verdict: { metric: 'cost-per-request', outcome: 'fail' } };
    const unjudged = world(dear(10));
    expect((await watched(unjudged, { ...input, plan: { ...plan, judge: null } })).finding).toMatchObject(
      breach,
    );
    const elsewhere = world(dear(10));
    const at50 = { ...plan, judge: judgePlan({ atWeights: [50] }) };
    expect((await watched(elsewhere, { ...input, plan: at50 })).finding).toMatchObject(breach);
    for (const { asked } of [unjudged, elsewhere]) expect(asked).not.toContain('are judges asking');
  });

  test('once its requests have come in, cost is looked at again, and no further back than that', async () => {
    const sinceMs = Date.now() - 2 * minute;
    const made = world(dear(10));
    expect((await watched(made, input, remembering(sinceMs))).finding).toMatchObject({
      kind: 'breach',
      verdict: { metric: 'cost-per-request' },
    });
    const longest = Math.max(...made.windowsMs.filter((it) => it < 5 * minute));
    expect(Math.abs(longest - 2 * minute)).toBeLessThan(minute / 2);
    // The others look back to the start of the weight, as without a judge.
    expect(Math.max(...made.windowsMs)).toBeGreaterThanOrEqual(10 * minute);
  });

  test('that it is done is not yet that its requests have come in', async () => {
    const made = world(dear(10));
    made.asking.push(true);
    const fromMs = Date.now();
    const { finding, shown } = await watched(made, input);
    expect(finding).toBeNull();
    expect(shown?.verdicts[2]).toMatchObject({ gap: 'judgeAsks' });
    const { undisturbedSinceMs } = shown as unknown as { undisturbedSinceMs: number };
    expect(undisturbedSinceMs).toBeGreaterThanOrEqual(fromMs + ownRequestsSettleMs);
  });

  test('a Job that comes later makes it wait again', async () => {
    const made = world(dear(10));
    made.asking.push(...always(true));
    expect((await watched(made, input, remembering(Date.now() - 2 * minute))).finding).toBeNull();
  });

  test('of a cluster that does not answer nobody knows whether a Job asks', async () => {
    const made = world(dear(10));
    made.faults.set('are judges asking', () => new Error('away'));
    const { finding, shown } = await watched(made, input, remembering(Date.now() - 2 * minute));
    expect(finding).toBeNull();
    expect(shown?.verdicts[2]).toMatchObject({ gap: 'judgeAsks' });
  });

  test('it is not asked for guards of what a gateway counts', async () => {
    const made = world(dear(1));
    await watched(made, { ...input, plan: { ...plan, guards: plan.guards.slice(0, 2) } });
    expect(made.asked).not.toContain('are judges asking');
  });

  describe('where vLLM counts everything', () => {
    const ofVllm = {
      ...input,
      plan: { ...plan, guards: plan.guards.slice(0, 2), metrics: metricsPlan({ source: 'vllm' }) },
    };
    const halves: Measurement = { kind: 'measured', stable: arm(1000, 1), canary: arm(1000, 1) };

    test('half of the requests at the canary are the judge’s, and no odd split (S10)', async () => {
      const made = world(halves);
      made.asking.push(...always(true));
      const { finding, shown } = await watched(made, ofVllm);
      expect(finding).toBeNull();
      expect(shown?.verdicts.map((it) => it.gap)).toEqual([null, 'judgeAsks']);
    });

    test('afterwards they are one', async () => {
      const before = remembering(startedAtMs, ofVllm.plan);
      expect((await watched(world(halves), ofVllm, before)).finding).toMatchObject({
        kind: 'foreignChange',
        what: expect.stringContaining('50.0 % of 2000 requests reach the canary'),
      });
    });
  });
});

describe('gates', () => {
  const cost: Criterion = { metric: 'cost-per-request', maxRatio: 2 };
  const errors: Criterion = { metric: 'error-rate', max: 0.01 };
  const gates = [cost, errors].map((criterion) => {
    return { criterion, evidence: 'proven', minimumSamples: 100 } as const;
  });
  const gated = { ...plan, phases: plan.phases.map((it) => ({ ...it, gates })) };
  const look = { ...order, plan: gated, phase: 1, windowMs: 10 * minute };

  test.each([null, -5000, 500])(
    'cost is not judged when users alone have asked for %p ms; errors are',
    async (undisturbedMs) => {
      const made = world(dear(10));
      expect(await run(made, 'judgeGates', { ...look, undisturbedMs })).toMatchObject([
        { metric: 'cost-per-request', outcome: 'inconclusive', gap: 'judgeAsks' },
        { metric: 'error-rate', outcome: 'pass' },
      ]);
      expect(made.windowsMs).toEqual([10 * minute]);
    },
  );

  test('then over the users’ requests alone', async () => {
    const made = world(dear(10));
    expect(await run(made, 'judgeGates', { ...look, undisturbedMs: minute })).toMatchObject([
      { metric: 'cost-per-request', outcome: 'fail' },
      { metric: 'error-rate', outcome: 'pass' },
    ]);
    expect(made.windowsMs).toEqual([minute, 10 * minute]);
  });

  test('they are looked at again until the judge’s requests have come in', async () => {
    const made = world(dear(1));
    const undisturbedSinceMs = Date.now() - 900;
    const verdicts = await run(made, 'awaitGates', {
      ...look,
      sinceMs: Date.now() - 10 * minute,
      undisturbedSinceMs,
    });
    expect(verdicts.map((it) => it.outcome)).toEqual(['pass', 'pass']);
    expect(Date.now()).toBeGreaterThanOrEqual(undisturbedSinceMs + 1000);
    const [first = 0] = made.windowsMs;
    expect(first).toBeGreaterThanOrEqual(10 * minute);
  });
});

test('at 100 % cost is compared with what it was before the rollout, latency and errors with what they were lately', async () => {
  const made = world(dear(3), 100);
  const before: Measurement = { kind: 'measured', stable: arm(9000, 1), canary: {} };
  const lately: Measurement = { kind: 'measured', stable: arm(9000, 3), canary: {} };
  const asked: number[] = [];
  const { metrics } = made.ports;
  const at100 = { ...input, weightPercent: 100, weightSinceMs: Date.now() - 5 * minute };
  made.before = lately;
  const ports = {
    ...made.ports,
    metrics: {
      measure: (...[ofPlan, target, look, signal]: Parameters<typeof metrics.measure>) => {
        if (look.atMs !== undefined) asked.push(look.atMs);
        made.before = look.atMs === startedAtMs ? before : lately;
        return metrics.measure(ofPlan, target, look, signal);
      },
    },
  };
  const finding = await run({ ports }, 'watchGuards', at100);
  expect(finding).toMatchObject({ kind: 'breach', verdict: { metric: 'cost-per-request' } });
  expect(asked).toEqual([at100.weightSinceMs, startedAtMs]);
});
