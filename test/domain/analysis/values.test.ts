import { describe, expect, test } from '@jest/globals';
import { judgeCriterion } from '../../../src/domain/analysis/judge.ts';
import type { Measurement, ToldValue } from '../../../src/domain/analysis/measurement.ts';
import type { Standard } from '../../../src/domain/analysis/standard.ts';
import { limitText, nameOf } from '../../../src/domain/analysis/wording.ts';
import type { Criterion, Limit } from '../../../src/domain/plan/plan.ts';
import { onceLooked } from '../../../src/domain/statistics/looking.ts';

const quality = (limit: Limit): Criterion => ({ metric: 'custom', name: 'quality', ...limit });
const standard: Standard = {
  evidence: 'estimate',
  minimumSamples: 1,
  alpha: { fail: 0.01, pass: 0.05 },
  looking: onceLooked,
};
const told = (canary: ToldValue | number, stable: ToldValue | number = 0.9): Measurement => {
  const of = (it: ToldValue | number) => ({ 'custom/quality': typeof it === 'number' ? { value: it } : it });
  return { kind: 'measured', stable: of(stable), canary: of(canary) };
};
const judged = (limit: Limit, measurement: Measurement) =>
  judgeCriterion(quality(limit), standard, measurement);

describe('a value is held against its limit as it is', () => {
  test.each<{ limit: Limit; canary: number; stable?: number; outcome: string }>([
    { limit: { min: 0.85 }, canary: 0.9, outcome: 'pass' },
    { limit: { min: 0.85 }, canary: 0.85, outcome: 'fail' },
    { limit: { max: 3 }, canary: 2.9, outcome: 'pass' },
    { limit: { max: 3 }, canary: 3, outcome: 'fail' },
    { limit: { minRatio: 0.95 }, canary: 0.9, outcome: 'pass' },
    { limit: { minRatio: 0.95 }, canary: 0.8, outcome: 'fail' },
    { limit: { maxRatio: 2 }, canary: 1.7, outcome: 'pass' },
    { limit: { maxRatio: 2 }, canary: 1.9, outcome: 'fail' },
    { limit: { minDifference: -0.02 }, canary: 0.89, outcome: 'pass' },
    { limit: { minDifference: -0.02 }, canary: 0.87, outcome: 'fail' },
    { limit: { maxDifference: 0.1 }, canary: 0.95, outcome: 'pass' },
    { limit: { maxDifference: 0.1 }, canary: 1.1, outcome: 'fail' },
    { limit: { min: -2 }, canary: -1, outcome: 'pass' },
    { limit: { minDifference: -1 }, canary: -0.5, stable: 0, outcome: 'pass' },
    { limit: { minDifference: -1 }, canary: -4, stable: -2, outcome: 'fail' },
  ])('$limit, canary $canary: $outcome', ({ limit, canary, stable, outcome }) => {
    const verdict = judged(limit, told(canary, stable));
    expect(verdict).toMatchObject({
      outcome,
      metric: 'custom/quality',
      gap: null,
      interval: null,
      samples: 0,
    });
  });

  test('no evidence makes a proof of it', () => {
    const proven = { ...standard, evidence: 'proven', minimumSamples: 1000 } as const;
    expect(judgeCriterion(quality({ min: 0.85 }), proven, told(0.9))).toMatchObject({
      ...{ outcome: 'pass', interval: null },
      sentence: 'quality 0.9, limit > 0.85',
    });
  });

  test('one sentence says both', () => {
    expect(judged({ minRatio: 0.95 }, told(0.8)).sentence).toBe(
      "quality 0.8, 0.89 x stable's 0.9, limit > 0.95 x",
    );
    expect(judged({ minDifference: -0.02 }, told(0.8)).sentence).toBe(
      "quality 0.8, 0.1 less than stable's 0.9, limit > -0.02",
    );
  });

  test('utilisation is a share', () => {
    const criterion: Criterion = { metric: 'gpu-utilisation', max: 0.9 };
    const measurement: Measurement = {
      ...{ kind: 'measured', stable: {} },
      canary: { 'gpu-utilisation': { value: 0.42 } },
    };
    expect(judgeCriterion(criterion, standard, measurement)).toMatchObject({
      ...{ outcome: 'pass', metric: 'gpu-utilisation' },
      sentence: 'GPU utilisation 42 %, limit < 90 %',
    });
  });
});

describe('what is not there is inconclusive', () => {
  test.each<{ name: string; limit: Limit; measurement: Measurement; gap: string; says: string }>([
    {
      ...{ name: 'nothing told', limit: { min: 0 }, gap: 'noData' },
      measurement: told({ missing: 'the query answers nothing' }),
      says: 'quality not judged, no data: the query answers nothing',
    },
    {
      ...{ name: 'no number', limit: { max: 1 }, gap: 'noData' },
      measurement: told(NaN),
      says: 'quality not judged, no data: the value is NaN',
    },
    {
      ...{ name: 'infinity', limit: { min: 0 }, gap: 'noData' },
      measurement: told(Infinity),
      says: 'quality not judged, no data: the value is Infinity',
    },
    {
      ...{ name: 'a provider that fails', limit: { min: 0 }, gap: 'providerError' },
      measurement: told({ failed: 'scores: HTTP 500' }),
      says: 'quality not judged, metrics provider failed: scores: HTTP 500',
    },
    {
      ...{ name: 'nobody asked', limit: { min: 0 }, gap: 'noData' },
      measurement: { kind: 'measured', stable: {}, canary: {} },
      says: 'quality not judged, no data: nobody asked for custom/quality',
    },
    {
      ...{ name: 'nothing of stable', limit: { minRatio: 0.9 }, gap: 'armsNotComparable' },
      measurement: told(0.8, { missing: 'nothing' }),
      says: 'quality not judged against stable: quality 0.8, and nothing of stable: nothing',
    },
    {
      ...{ name: 'a failure to tell stable’s', limit: { minRatio: 0.9 }, gap: 'providerError' },
      measurement: told(0.8, { failed: 'HTTP 500' }),
      says: 'quality not judged against stable, metrics provider failed: HTTP 500',
    },
    {
      ...{ name: 'a ratio to nothing', limit: { maxRatio: 2 }, gap: 'armsNotComparable' },
      measurement: told(0.8, 0),
      says: "quality not judged against stable: quality 0.8, but stable's is 0",
    },
    {
      ...{ name: 'a ratio to less than nothing', limit: { maxRatio: 2 }, gap: 'armsNotComparable' },
      measurement: told(0.8, -1.5),
      says: "quality not judged against stable: quality 0.8, but stable's is -1.5",
    },
  ])('$name', ({ limit, measurement, gap, says }) => {
    expect(judged(limit, measurement)).toMatchObject({ outcome: 'inconclusive', gap, sentence: says });
  });

  test('stable’s is of no concern to a limit of the canary’s own', () => {
    expect(judged({ min: 0.5 }, told(0.8, { failed: 'HTTP 500' })).outcome).toBe('pass');
  });
});

describe('one provider does not speak for another', () => {
  const away: Measurement = {
    ...{ kind: 'providerError', why: 'Prometheus: no connection' },
    values: { stable: {}, canary: { 'custom/quality': { value: 0.8 } } },
  };

  test('values are judged while counts are away', () => {
    expect(judged({ min: 0.85 }, away).outcome).toBe('fail');
    expect(judgeCriterion({ metric: 'error-rate', max: 0.01 }, standard, away).gap).toBe('providerError');
  });

  test('counts are judged while a value fails', () => {
    const measurement: Measurement = {
      ...{ kind: 'measured', stable: {} },
      canary: { 'error-rate': { bad: 5, total: 100 }, 'custom/quality': { failed: 'HTTP 500' } },
    };
    expect(judgeCriterion({ metric: 'error-rate', max: 0.01 }, standard, measurement).outcome).toBe('fail');
  });
});

test.each<[Limit, string]>([
  [{ min: 0.85 }, '> 0.85'],
  [{ maxRatio: 2 }, '< 2 x stable'],
  [{ minDifference: -0.02 }, '> stable - 0.02'],
])('%j is written %j', (limit, text) => {
  expect([nameOf(quality(limit)), limitText(quality(limit))]).toEqual(['custom/quality', text]);
});
