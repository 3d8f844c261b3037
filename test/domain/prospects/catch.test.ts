import { describe, expect, test } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { catchOf } from '../../../src/domain/prospects/catch.ts';
import { play } from '../../../src/domain/simulation/play.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { parseScenario } from '../../../src/domain/simulation/scenario.ts';
import { summarize } from '../../../src/domain/simulation/summary.ts';
import { defaultPlan } from '../../support/plans.ts';
import { service } from './services.ts';

const hourMs = 3_600_000;

describe('how soon a bad canary is caught', () => {
  test.each([0.02, 0.05, 0.2])('%f errors: about when played rollouts catch it', (errorShare) => {
    const plan = defaultPlan();
    const said = catchOf(plan, service(100, 0.0002), errorShare);
    expect(said).toMatchObject({ ends: 'rolledBack', by: 'guard', phase: 0 });
    expect(said.failed).toBeCloseTo((said.afterMs / 1000) * errorShare);

    const random = seededRandom(1);
    const scenario = parseScenario(`errors=${errorShare * 100}%`);
    if (scenario === null) throw new Error('no scenario');
    const played = Array.from({ length: 20 }, () => play({ plan, scenario, requestsPerSecond: 100, random }));
    const median = summarize(played).rollbacks?.afterMs.median ?? 0;
    expect(said.afterMs / median).toBeGreaterThan(0.5);
    expect(said.afterMs / median).toBeLessThan(2);
  });

  test('too few requests for the first phase: the gates of the next one find it', () => {
    const said = catchOf(defaultPlan(), service(10, 0), 0.005);
    expect(said).toMatchObject({ ends: 'rolledBack', by: 'gate', phase: 1, afterMs: 3 * hourMs });
    expect(said.failed).toBeCloseTo(0.005 * 10 * 3600 * (0.01 + 2 * 0.1));
  });

  test('nobody looks: it is promoted, and how much it failed is told', () => {
    const phases: Plan['phases'] = [
      { weightPercent: 100, bakeMs: hourMs, gates: [], requireApproval: false },
    ];
    const plan = defaultPlan({ guards: [], phases, keepOldMs: hourMs });
    expect(catchOf(plan, service(10, 0), 0.02)).toEqual({
      ...{ errorShare: 0.02, ends: 'promoted', by: null, phase: null, afterMs: 2 * hourMs },
      failed: 2 * 3600 * 10 * 0.02,
    });
  });

  test('gates that cannot tell hold it', () => {
    const gates = [
      { criterion: { metric: 'error-rate', max: 0.001 }, evidence: 'proven', minimumSamples: 300 },
    ] as const;
    const phases: Plan['phases'] = [{ weightPercent: 100, bakeMs: 60_000, gates, requireApproval: false }];
    const hold = { limitMs: 60_000, then: 'keepHolding' } as const;
    const plan = defaultPlan({ guards: [], phases, hold });
    expect(catchOf(plan, service(1, 0), 0.002)).toMatchObject({
      ends: 'held',
      by: 'holdLimit',
      phase: 0,
      afterMs: 120_000,
    });
    const rolling = { ...plan, hold: { ...hold, then: 'rollBack' as const } };
    expect(catchOf(rolling, service(1, 0), 0.002)).toMatchObject({ ends: 'rolledBack', by: 'holdLimit' });
  });
});
