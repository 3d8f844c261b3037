import { describe, expect, test } from '@jest/globals';
import { checkPlan } from '../../../src/domain/plan/rules.ts';
import { defaultPlan, judgePlan, metricsPlan } from '../../support/plans.ts';
import { planWith, told, warnings } from './judge-told.ts';

const usual = judgePlan();

describe('advice', () => {
  test('a judged phase whose bake is shorter than a judge may take', () => {
    expect(warnings({ deadlineMs: 7_200_000, atWeights: [1, 10] })).toEqual([
      'judgesFitIntoBakes phases.0.bakeMs: as long as a judge may take, or the phase may last longer than its bake',
    ]);
    expect(warnings({ deadlineMs: 7_200_000, atWeights: [10, 50] })).toEqual([]);
  });

  test('a bake of 0 is no problem: the gate waits', () => {
    const phases = defaultPlan().phases.map((it) => ({ ...it, bakeMs: 0, gates: [] }));
    const found = checkPlan(planWith({ atWeights: [50] }, { phases }));
    expect(told(found.problems)).toEqual([]);
    expect(found.warnings.map((it) => it.path.join('.'))).toEqual(['phases.2.bakeMs']);
  });

  test('a deadline within which no Job can ask that much', () => {
    const slow = { requestsPerSecond: 0.1, minimumPairs: 400 };
    expect(warnings(slow)).toEqual([
      'judgesHaveTime judge.deadlineMs: more than 74m, for 400 prompts at 0.1 requests a second',
    ]);
    expect(warnings({ ...slow, requestsPerSecond: 0.2 })).toEqual([]);
    expect(warnings({ ...slow, requestsPerSecond: null })).toEqual([]);
  });

  test('a judge that comes when all users have the canary', () => {
    const phases = defaultPlan().phases.map((it) => ({ ...it, bakeMs: 3_600_000 }));
    expect(warnings({ atWeights: [50, 100] }, { phases })).toEqual([
      'judgesComeBefore100 judge.atWeights.1: weights below 100: there every user has the canary before it is judged',
    ]);
  });

  test('estimates', () => {
    expect(warnings({ evidence: 'estimate' }).join()).toMatch(
      /^judgesProve judge\.evidence: proven or noBreach/,
    );
    expect(warnings({ evidence: 'noBreach' })).toEqual([]);
  });

  test('a win rate that equal arms do not have', () => {
    const winRate = (minWinRate: number) => warnings({ limits: { ...usual.limits, minWinRate } });
    expect(winRate(0.5)).toEqual([
      'equalArmsMayPass judge.limits.minWinRate: below 50%, or a canary as good as stable does not pass',
    ]);
    expect(winRate(0.45)).toEqual([]);
  });

  test('nobody but checkers', () => {
    expect(warnings({ endpoint: null })).toEqual([
      'somebodyJudges judge.endpoint: an address and a model, unless every prompt has a checker: a set with others is refused',
    ]);
  });

  test.each(['example/judge', 'registry.example:5000/judge', 'example/judge:latest'])(
    'the image %s may be another one tomorrow',
    (image) => {
      expect(warnings({ image })).toEqual([
        'judgeImageIsPinned judge.image: with a tag or digest, or each Job may be another program',
      ]);
    },
  );

  test('vLLM counts what the judge asks, gateways do not', () => {
    expect(warnings({}, { metrics: metricsPlan({ source: 'vllm' }) })).toEqual([
      'judgesAreNotCounted metrics.source: a gateway’s counters, if there is one: vLLM’s count the judge’s requests, so that only errors are judged while it asks',
    ]);
    expect(warnings({}, { guards: defaultPlan().guards })).toEqual([]);
  });

  test('a judge is evidence: phases need no other gates', () => {
    const phases = defaultPlan().phases.map((it) => ({ ...it, gates: [] }));
    expect(warnings({}, { phases })).toEqual([]);
    const without = checkPlan(defaultPlan({ phases })).warnings;
    expect(without.map((it) => it.rule)).toEqual(['somethingIsAsked']);
  });
});
