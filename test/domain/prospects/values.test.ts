import { expect, test } from '@jest/globals';
import type { ToldValue } from '../../../src/domain/analysis/measurement.ts';
import type { GatePlan, Limit } from '../../../src/domain/plan/plan.ts';
import { gateProspect, type GateProspect } from '../../../src/domain/prospects/gate-prospect.ts';
import { prospectsOf } from '../../../src/domain/prospects/prospects.ts';
import { allAtOnce } from '../../../src/domain/prospects/steps.ts';
import { defaultPlan } from '../../support/plans.ts';
import { service } from './services.ts';

const phase = { weightPercent: 50, bakeMs: 3_600_000, gates: [], requireApproval: false };
const gate = (limit: Limit): GatePlan => {
  return {
    criterion: { metric: 'custom', name: 'quality', ...limit },
    evidence: 'estimate',
    minimumSamples: 1,
  };
};
const prospectOf = (...of: Parameters<typeof gateProspect>) => allAtOnce(gateProspect(...of));
const traffic = (quality: ToldValue, requestsPerSecond = 10) => {
  const { stable, ...others } = service(requestsPerSecond, 0);
  return { ...others, stable: { ...stable, 'custom/quality': quality } };
};

test.each<{ limit: Limit; quality: ToldValue; expected: GateProspect }>([
  { limit: { min: 0.85 }, quality: { value: 0.9 }, expected: { kind: 'passes', proof: false } },
  { limit: { min: 0.85 }, quality: { value: 0.8 }, expected: { kind: 'fails' } },
  { limit: { minDifference: -0.02 }, quality: { value: 0.1 }, expected: { kind: 'passes', proof: false } },
  { limit: { minRatio: 1.1 }, quality: { value: 0.9 }, expected: { kind: 'fails' } },
  { limit: { min: 0.85 }, quality: { missing: 'nothing' }, expected: { kind: 'unknown', why: 'nothing' } },
  { limit: { min: 0.85 }, quality: { failed: 'HTTP 500' }, expected: { kind: 'unknown', why: 'HTTP 500' } },
])('a canary as stable is now: $limit of $quality is $expected.kind', ({ limit, quality, expected }) => {
  expect(prospectOf(defaultPlan(), traffic(quality), phase, gate(limit))).toEqual(expected);
  // However little traffic there is.
  expect(prospectOf(defaultPlan(), traffic(quality, 0), phase, gate(limit))).toEqual(expected);
});

test('a whole plan with values is judged', () => {
  const phases = defaultPlan().phases.map((it) => ({ ...it, gates: [...it.gates, gate({ min: 0.85 })] }));
  const { catches } = prospectsOf(defaultPlan({ phases }), traffic({ value: 0.9 }));
  expect(catches.at(-1)).toMatchObject({ errorShare: 0.2, ends: 'rolledBack' });
});
