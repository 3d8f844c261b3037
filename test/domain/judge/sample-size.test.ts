import { describe, expect, test } from '@jest/globals';
import type { PairedMeasurement } from '../../../src/domain/judge/paired-measurement.ts';
import { assumedScores, promptsNeeded } from '../../../src/domain/judge/sample-size.ts';
import { judgeStandard } from '../../../src/domain/judge/standard.ts';
import { judgeVerdicts } from '../../../src/domain/judge/verdicts.ts';
import type { JudgePlan } from '../../../src/domain/plan/judge-plan.ts';
import { drawNormal } from '../../../src/domain/simulation/draws.ts';
import { seededRandom, type Random } from '../../../src/domain/simulation/random.ts';
import { defaultPlan, judgePlan } from '../../support/plans.ts';

const nothing = { maxDrop: null, minWinRate: null, minScore: null };
const planOf = (judge: JudgePlan) => defaultPlan({ judge });
const neededBy = (changes: Partial<JudgePlan>) => promptsNeeded(planOf(judgePlan(changes)));

describe('prompts needed by the built-in plan with a judge', () => {
  test('to tell 20 % worse, and to pass an equal canary', () => {
    // By hand: z is 1.644854 at 0.05, 3.143980 at 0.01 / 12, and 0.841621 for the power; 0.33 / (0.1 * 0.7) = 4.714286.
    expect(neededBy({})).toEqual([
      {
        metric: 'judge-quality-drop',
        limit: 0.1,
        toPass: Math.ceil((2.486_475 * 4.714_286) ** 2),
        toFail: Math.ceil((3.985_601 * 4.714_286) ** 2),
      },
    ]);
  });

  test('win rates take the more, the nearer the limit is to 1/2; at 1/2 no number is enough', () => {
    const [at40] = neededBy({ limits: { ...nothing, minWinRate: 0.4 } });
    const [at45] = neededBy({ limits: { ...nothing, minWinRate: 0.45 } });
    // (2.486475 * sqrt(0.75) / 2 / 0.1)² = 115.9, and four times that.
    expect([at40?.toPass, at45?.toPass]).toEqual([116, 464]);
    expect((at45?.toFail ?? 0) / (at40?.toFail ?? 0)).toBeCloseTo(4, 1);
    for (const minWinRate of [0.5, 0.55])
      expect(neededBy({ limits: { ...nothing, minWinRate } })).toEqual([
        { metric: 'judge-win-rate', limit: minWinRate, toPass: null, toFail: null },
      ]);
  });

  test('never fewer to pass than the plan’s minimum, also where no proof is asked for', () => {
    const [strict] = neededBy({ minimumPairs: 1000 });
    expect(strict?.toPass).toBe(1000);
    expect(strict?.toFail).toBe(354);
    expect(neededBy({ evidence: 'noBreach' })[0]?.toPass).toBe(100);
    expect(neededBy({ evidence: 'estimate' })[0]).toMatchObject({ toPass: 100, toFail: 100 });
  });

  test('nothing is said of a score, or without a judge', () => {
    expect(neededBy({ limits: { ...nothing, minScore: 0.8 } })).toEqual([]);
    expect(promptsNeeded(defaultPlan())).toEqual([]);
  });
});

describe('of 500 simulated looks of that size about 80 % end so', () => {
  const times = 500;
  const tolerance = 0.06;

  test.each([
    { what: 'an equal canary passes', worse: 0, outcome: 'pass' },
    { what: 'one that is 20 % worse is rolled back', worse: 0.2, outcome: 'fail' },
  ] as const)('a drop: $what', ({ worse, outcome }) => {
    const { mean, deviation } = assumedScores;
    const random = seededRandom(61);
    const share = shareOf(outcome, {}, (prompts) => {
      const differences = Array.from(
        { length: prompts },
        () => drawNormal(random) * deviation - worse * mean,
      );
      return { wins: 0, losses: 0, ties: prompts, scores: spreadScores(mean, differences, random) };
    });
    expect(Math.abs(share - 0.8)).toBeLessThan(tolerance);
  });

  test.each([
    { what: 'an equal canary passes', rate: 0.5, outcome: 'pass' },
    { what: 'one that wins 30 % is rolled back', rate: 0.3, outcome: 'fail' },
  ] as const)('a win rate above 40 %: $what', ({ rate, outcome }) => {
    const { ties } = assumedScores;
    const random = seededRandom(67);
    const share = shareOf(outcome, { limits: { ...nothing, minWinRate: 0.4 } }, (prompts) => {
      const counts = { wins: 0, losses: 0, ties: 0 };
      for (let pair = 0; pair < prompts; pair += 1) {
        const drawn = random();
        if (drawn < ties) counts.ties += 1;
        else if (drawn < ties + rate - ties / 2) counts.wins += 1;
        else counts.losses += 1;
      }
      return counts;
    });
    // One who loses so often scatters a little less than is assumed.
    expect(share).toBeGreaterThan(0.8 - tolerance);
    expect(share).toBeLessThan(0.9);
  });

  function shareOf(
    outcome: 'pass' | 'fail',
    changes: Partial<JudgePlan>,
    draw: (prompts: number) => PairedMeasurement,
  ): number {
    const judge = judgePlan(changes);
    const plan = planOf(judge);
    const [needed] = promptsNeeded(plan);
    const prompts = (outcome === 'pass' ? needed?.toPass : needed?.toFail) ?? NaN;
    let ended = 0;
    for (let time = 0; time < times; time += 1) {
      const [verdict] = judgeVerdicts(judge, judgeStandard(plan), { version: 1, pairs: draw(prompts) });
      if (verdict?.outcome === outcome) ended += 1;
    }
    return ended / times;
  }
});

/** Scores whose differences are these; stable's are all but the same, so that only they scatter. */
function spreadScores(mean: number, differences: readonly number[], random: Random) {
  const stable = differences.map(() => mean + 0.001 * drawNormal(random));
  const canary = differences.map((it, index) => it + (stable[index] ?? NaN));
  const count = differences.length;
  const meanOf = (values: readonly number[]) => values.reduce((sum, it) => sum + it, 0) / count;
  const means = { stable: meanOf(stable), canary: meanOf(canary) };
  const sampled = (values: readonly number[]) => (meanOf(values) * count) / (count - 1);
  return {
    count,
    stable: { mean: means.stable, variance: sampled(stable.map((it) => (it - means.stable) ** 2)) },
    canary: { mean: means.canary, variance: sampled(canary.map((it) => (it - means.canary) ** 2)) },
    covariance: sampled(
      stable.map((it, index) => (it - means.stable) * ((canary[index] ?? NaN) - means.canary)),
    ),
  };
}
