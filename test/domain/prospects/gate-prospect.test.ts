import { describe, expect, test } from '@jest/globals';
import { judgeCriterion } from '../../../src/domain/analysis/judge.ts';
import { gateStandard } from '../../../src/domain/analysis/standards.ts';
import type { GatePlan, PhasePlan } from '../../../src/domain/plan/plan.ts';
import { gateProspect } from '../../../src/domain/prospects/gate-prospect.ts';
import { allAtOnce } from '../../../src/domain/prospects/steps.ts';
import { drawBinomial } from '../../../src/domain/simulation/draws.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { defaultPlan } from '../../support/plans.ts';
import { service } from './services.ts';

const hourMs = 3_600_000;
const plan = defaultPlan();
const prospectOf = (...of: Parameters<typeof gateProspect>) => allAtOnce(gateProspect(...of));
const errors: GatePlan = {
  criterion: { metric: 'error-rate', max: 0.001 },
  evidence: 'proven',
  minimumSamples: 300,
};
const p99: GatePlan = { ...errors, criterion: { metric: 'e2e-latency', quantile: 0.99, maxRatio: 2 } };

function phase(weightPercent: number, bakeMs: number): PhasePlan {
  return { weightPercent, bakeMs, gates: [], requireApproval: false };
}

describe('what a gate is likely to say', () => {
  test('a rate without failures is proven when there are requests enough', () => {
    // 3,689 requests without a failure prove less than 0.1 % at 2.5 %: 1 - 0.025^(1/n) = 0.001.
    expect(prospectOf(plan, service(2.1, 0), phase(50, hourMs), errors)).toEqual({
      kind: 'passes',
      proof: true,
    });
    const short = prospectOf(plan, service(2, 0), phase(50, hourMs), errors);
    expect(short).toEqual({ kind: 'cannotTell', neededBakeMs: expect.any(Number) });
    const needed = short.kind === 'cannotTell' ? (short.neededBakeMs ?? 0) : 0;
    expect(needed / hourMs).toBeGreaterThan(3687 / 3600);
    expect(needed / hourMs).toBeLessThan((3687 / 3600) * 1.02);
  });

  test('what asks for no breach passes with its minimum of samples, and needs a longer bake below', () => {
    const gate: GatePlan = { ...errors, evidence: 'noBreach' };
    expect(prospectOf(plan, service(10, 0.0002), phase(1, hourMs), gate)).toEqual({
      kind: 'passes',
      proof: false,
    });
    const short = prospectOf(plan, service(5, 0.0002), phase(1, hourMs), gate);
    expect(short).toMatchObject({ kind: 'cannotTell' });
    const needed = short.kind === 'cannotTell' ? (short.neededBakeMs ?? 0) : 0;
    expect(needed / hourMs).toBeGreaterThan(300 / 180);
    expect(needed / hourMs).toBeLessThan((300 / 180) * 1.02);
  });

  test('a limit that stable itself breaks', () => {
    expect(prospectOf(plan, service(10, 0.002), phase(50, hourMs), errors)).toEqual({ kind: 'fails' });
  });

  test('a limit that is stable’s very value cannot be told from it, however long the bake', () => {
    const prospect = prospectOf(plan, service(10, 0.001), phase(50, hourMs), errors);
    expect(prospect).toEqual({ kind: 'cannotTell', neededBakeMs: null });
  });

  test('at 100 % the canary is compared with what stable did before', () => {
    const prospect = prospectOf(plan, service(10, 0), phase(100, hourMs), p99);
    expect(prospect).toEqual({ kind: 'passes', proof: true });
  });

  test('p99 against stable is proven with more requests than a share is', () => {
    expect(prospectOf(plan, service(10, 0), phase(50, hourMs), p99)).toEqual({
      kind: 'passes',
      proof: true,
    });
    expect(prospectOf(plan, service(10, 0), phase(1, hourMs / 4), p99)).toMatchObject({
      kind: 'cannotTell',
    });
  });

  test('a metric that stable does not have', () => {
    const traffic = service(10, 0);
    const stable = { ...traffic.stable, 'e2e-latency': { missing: 'nobody scrapes it' } };
    expect(prospectOf(plan, { ...traffic, stable }, phase(50, hourMs), p99)).toEqual({
      kind: 'unknown',
      why: 'nobody scrapes it',
    });
  });

  test('of rollouts with the bake that is said to be needed, four of five pass', () => {
    const share = 0.0005;
    const prospect = prospectOf(plan, service(2, share), phase(50, hourMs), errors);
    const needed = prospect.kind === 'cannotTell' ? (prospect.neededBakeMs ?? 0) : 0;
    const random = seededRandom(1);
    const passing = (bakeMs: number) => {
      const total = Math.round(bakeMs / 1000);
      const rounds = Array.from({ length: 2000 }, () => {
        const canary = { 'error-rate': { bad: drawBinomial(total, share, random), total } };
        const arms = { kind: 'measured', stable: {}, canary } as const;
        return judgeCriterion(errors.criterion, gateStandard(plan, errors, 'planned'), arms).outcome;
      });
      return rounds.filter((it) => it === 'pass').length / rounds.length;
    };
    expect(passing(needed)).toBeGreaterThan(0.76);
    expect(passing(needed)).toBeLessThan(0.9);
    expect(passing(needed / 3)).toBeLessThan(0.5);
  });
});
