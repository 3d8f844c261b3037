import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { favourTable, judgeTable } from '../../../dev/evidence/judge-power.ts';
import { judgedPairs } from '../../../dev/evidence/noisy-judge.ts';
import { countPairs } from '../../../src/domain/judge/count-pairs.ts';
import { assumedScores } from '../../../src/domain/judge/sample-size.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';

test('docs/judge.md has the table that the script makes', async () => {
  const lines = (text: string) => text.split('\n').map((it) => it.replaceAll(/[\s-]+/g, ' '));
  const page = lines(await readFile('docs/judge.md', 'utf8'));
  const [head, , ...rows] = lines(judgeTable([0.2], [100], 1000));
  expect(rows).toHaveLength(1);
  for (const line of [head, ...rows]) expect(page).toContain(line);
  expect(page).toContain(lines(favourTable([0], 10, 1))[0]);
});

describe('a made-up judge', () => {
  const prompts = 10_000;
  const counted = (worse: number, favour: number) => {
    const random = seededRandom(71);
    const { pairs, trust } = countPairs(judgedPairs(prompts, { worse, favour }, random), false);
    if (pairs.scores === undefined) throw new Error('there are scores');
    return { pairs, trust, scores: pairs.scores };
  };

  test.each([0, 0.05, 0.1, 0.2])('scores a canary that is %d worse just so much worse', (worse) => {
    const { stable, canary } = counted(worse, 0).scores;
    // Three standard errors.
    expect(Math.abs(1 - canary.mean / stable.mean - worse)).toBeLessThan(0.015);
  });

  test('has the scores and ties that plans assume', () => {
    const { scores, pairs } = counted(0, 0);
    expect(scores.stable.mean).toBeCloseTo(assumedScores.mean, 1);
    const variance = scores.stable.variance + scores.canary.variance - 2 * scores.covariance;
    expect(Math.abs(Math.sqrt(variance) - assumedScores.deviation)).toBeLessThan(0.01);
    expect(Math.abs(pairs.ties / prompts - assumedScores.ties)).toBeLessThan(0.02);
  });

  test('that favours what it sees first makes ties, and leaves the drop as it is', () => {
    const [fair, unfair] = [counted(0.2, 0), counted(0.2, 1)];
    expect(unfair.trust.order.first / unfair.trust.order.decided).toBeGreaterThan(0.7);
    expect(fair.trust.order.first / fair.trust.order.decided).toBeCloseTo(0.5, 1);
    expect(unfair.pairs.ties).toBeGreaterThan(2 * fair.pairs.ties);
    const { stable, canary } = unfair.scores;
    expect(Math.abs(1 - canary.mean / stable.mean - 0.2)).toBeLessThan(0.015);
    expect(unfair.pairs.losses).toBeGreaterThan(unfair.pairs.wins);
  });
});
