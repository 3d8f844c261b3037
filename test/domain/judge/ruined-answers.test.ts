import { expect, test } from '@jest/globals';
import { countPairs } from '../../../src/domain/judge/count-pairs.ts';
import { judgeStandard } from '../../../src/domain/judge/standard.ts';
import { judgeVerdicts } from '../../../src/domain/judge/verdicts.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';
import { defaultPlan, judgePlan } from '../../support/plans.ts';
import { judgedPair, judgement } from './pairs.ts';

test('of 2,000 canaries that ruin a tenth of their answers, at the limit, a few more pass than risk allows, none fails', () => {
  const judge = judgePlan();
  const standard = judgeStandard(defaultPlan({ judge }));
  const random = seededRandom(73);
  const ended = { pass: 0, fail: 0, inconclusive: 0 };
  const times = 2000;
  for (let time = 0; time < times; time += 1) {
    const pairs = Array.from({ length: 100 }, () => {
      const stable = 1 / 2 + Math.floor(random() * 5) / 8;
      const canary = random() < 0.1 ? 0 : stable;
      return judgedPair({ judgement: judgement({ scores: { stable, canary } }), lengths: null });
    });
    const [verdict] = judgeVerdicts(judge, standard, { version: 1, pairs: countPairs(pairs, false).pairs });
    if (verdict !== undefined) ended[verdict.outcome] += 1;
  }
  // 5 % would be right: the differences are as skewed as can be, and of 100 a mean is not quite normal.
  expect(ended.pass / times).toBeGreaterThan(0.05);
  expect(ended.pass / times).toBeLessThan(0.11);
  expect(ended.fail / times).toBeLessThan(0.002);
});
