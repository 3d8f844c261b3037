import { expect, test } from '@jest/globals';
import type { GatePlan, GuardPlan } from '../../../src/domain/plan/plan.ts';
import { play } from '../../../src/domain/simulation/play.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { parseScenario } from '../../../src/domain/simulation/scenario.ts';
import { unplayedOf } from '../../../src/domain/simulation/unplayed.ts';
import { defaultPlan } from '../../support/plans.ts';

const value: GatePlan = {
  criterion: { metric: 'custom', name: 'quality', min: 0.85 },
  ...{ evidence: 'estimate', minimumSamples: 1 },
};
const busy: GuardPlan = {
  ...{ criterion: { metric: 'gpu-utilisation', max: 0.9 }, evidence: 'estimate', minimumSamples: 1 },
  ...{ sustainedForMs: 0, windowMs: 60_000 },
};
const plan = defaultPlan({
  guards: [busy, ...defaultPlan().guards],
  // The first phase asks of nothing else.
  phases: defaultPlan().phases.map((it, index) => ({
    ...it,
    gates: index === 0 ? [value] : [value, ...it.gates],
  })),
});

test.each([
  ['good', { outcome: 'promoted', heldMs: 0 }],
  ['errors=50%', { outcome: 'rolledBack', because: 'guard error-rate' }],
])('values are taken as kept, whatever else is played: %s', (name, expected) => {
  const scenario = parseScenario(name);
  if (scenario === null) throw new Error(`${name} is no scenario`);
  expect(play({ plan, scenario, requestsPerSecond: 10, random: seededRandom(1) })).toMatchObject(expected);
});

test('and it is said which', () => {
  expect(unplayedOf(plan)).toEqual(['gpu-utilisation', 'custom/quality']);
  expect(unplayedOf(defaultPlan())).toEqual([]);
});
