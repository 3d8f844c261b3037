import { expect, test } from '@jest/globals';
import { judgeCriterion } from '../../../src/domain/analysis/judge.ts';
import type { Standard } from '../../../src/domain/analysis/standard.ts';
import type { Criterion } from '../../../src/domain/plan/plan.ts';
import { onceLooked } from '../../../src/domain/statistics/looking.ts';
import { measured } from './arms.ts';

const standard: Standard = {
  evidence: 'estimate',
  minimumSamples: 50,
  alpha: { fail: 0.05, pass: 0.05 },
  looking: onceLooked,
};
const slower: Criterion = { metric: 'e2e-latency', quantile: 0.99, maxRatio: 3 };
const minute = 60;
const day = 86_400;

test.each<{ name: string; criterion: Criterion; stable: number; canary: number; told: boolean }>([
  { name: 'minutes beside days', criterion: slower, stable: 12 * day, canary: 4 * minute, told: true },
  { name: 'hours beside days', criterion: slower, stable: 12 * day, canary: 2 * 3600, told: false },
  { name: 'minutes beside an hour', criterion: slower, stable: 3600, canary: 4 * minute, told: false },
  {
    name: 'failures, which no cache changes',
    criterion: { metric: 'error-rate', maxDifference: 0.01 },
    stable: 12 * day,
    canary: 4 * minute,
    told: false,
  },
  {
    name: 'no comparison',
    criterion: { metric: 'e2e-latency', quantile: 0.99, max: 3 },
    stable: 12 * day,
    canary: 4 * minute,
    told: false,
  },
])('pods of very different age are said beside times that are compared: $name', (row) => {
  const { criterion, stable, canary, told } = row;
  const measurement = { ...measured({}), ages: { stable, canary } };
  const { outcome, sentence } = judgeCriterion(criterion, standard, measurement);
  expect(outcome).toBe('pass');
  expect(sentence.endsWith("; the canary's pods have run for 4 min, stable's for 12 d")).toBe(told);
});
