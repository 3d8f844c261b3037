import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import type { JudgeAnswer } from '../../../src/domain/judge/answer.ts';
import { judgeStandard } from '../../../src/domain/judge/standard.ts';
import { judgeFailed, judgeVerdicts } from '../../../src/domain/judge/verdicts.ts';
import type { JudgePlan } from '../../../src/domain/plan/judge-plan.ts';
import { defaultPlan, judgePlan } from '../../support/plans.ts';
import { answer, scores, trust } from './pairs.ts';

const judge = judgePlan();
const limits = (changes: Partial<JudgePlan['limits']>) =>
  judgePlan({ limits: { maxDrop: null, minWinRate: null, minScore: null, ...changes } });

function verdictsOf(given: JudgeAnswer, by: JudgePlan = judge) {
  return judgeVerdicts(by, judgeStandard(defaultPlan({ judge: by })), given);
}

function verdictOf(given: JudgeAnswer, by: JudgePlan = judge) {
  const [verdict, ...others] = verdictsOf(given, by);
  if (verdict === undefined || others.length > 0) throw new Error('one limit, one verdict');
  return verdict;
}

describe('a quality drop, limit 10 %', () => {
  test.each([
    { what: 'equal arms', given: scores(0.7, 0.7), outcome: 'pass', gap: null },
    { what: 'a better canary', given: scores(0.7, 0.8), outcome: 'pass', gap: null },
    { what: '20 % worse', given: scores(0.7, 0.56), outcome: 'fail', gap: null },
    { what: '11 % worse', given: scores(0.7, 0.623), outcome: 'inconclusive', gap: 'tooFewSamples' },
    { what: '9 % worse', given: scores(0.7, 0.637), outcome: 'inconclusive', gap: 'tooFewSamples' },
    {
      what: 'equal, of 99 prompts',
      given: scores(0.7, 0.75, { count: 99 }),
      outcome: 'inconclusive',
      gap: 'tooFewSamples',
    },
    {
      what: '60 % worse, of 40 prompts',
      given: scores(0.7, 0.28, { count: 40 }),
      outcome: 'fail',
      gap: null,
    },
    {
      what: 'all points lost, of 29 prompts',
      given: scores(0.7, 0, { count: 29 }),
      outcome: 'inconclusive',
      gap: 'tooFewSamples',
    },
    {
      what: 'a stable that scores nothing',
      given: scores(0, 0.5),
      outcome: 'inconclusive',
      gap: 'armsNotComparable',
    },
    { what: 'no score', given: scores(0.7, 0.7, { count: 0 }), outcome: 'inconclusive', gap: 'noData' },
    {
      what: 'numbers that cannot be',
      given: scores(0.7, 0.7, { covariance: 4 }),
      outcome: 'inconclusive',
      gap: 'noData',
    },
  ])('$what: $outcome', ({ given, outcome, gap }) => {
    const verdict = verdictOf(answer({ scores: given }));
    expect(verdict).toMatchObject({ outcome, gap, metric: 'judge-quality-drop', limit: 0.1 });
  });

  test('says how much, of how many, how sure, and against what', () => {
    const verdict = verdictOf(answer({ scores: scores(0.7, 0.56) }));
    expect(verdict.value).toBeCloseTo(0.2, 12);
    expect(verdict.samples).toBe(400);
    expect(verdict.sentence).toMatch(
      /^judge: quality 20 % below stable's over 400 prompts \(1\d % to 2\d %\), limit < 10 %$/,
    );
    expect(verdict.interval?.low).toBeGreaterThan(0.1);
  });

  test('the limit itself breaks it where points are taken for the truth', () => {
    const by = judgePlan({ evidence: 'estimate' });
    expect(
      verdictOf(answer({ scores: scores(1, 0.75) }), { ...by, limits: { ...by.limits, maxDrop: 0.25 } })
        .outcome,
    ).toBe('fail');
    expect(verdictOf(answer({ scores: scores(0.64, 0.6) }), by)).toMatchObject({
      outcome: 'pass',
      interval: null,
    });
  });

  test('where no breach is enough, what is not proven passes', () => {
    const by = judgePlan({ evidence: 'noBreach' });
    const { outcome, sentence } = verdictOf(answer({ scores: scores(0.7, 0.623) }), by);
    expect(outcome).toBe('pass');
    expect(sentence).toContain('no breach proven');
  });
});

describe('other limits', () => {
  test.each([
    { what: 'wins as often as it loses', pairs: { wins: 150, losses: 150, ties: 100 }, outcome: 'pass' },
    { what: 'loses four of five', pairs: { wins: 60, losses: 240, ties: 100 }, outcome: 'fail' },
    {
      what: 'loses a little more often',
      pairs: { wins: 110, losses: 170, ties: 120 },
      outcome: 'inconclusive',
    },
  ])('win rate above 40 %: $what: $outcome', ({ pairs, outcome }) => {
    const verdict = verdictOf(answer(pairs), limits({ minWinRate: 0.4 }));
    expect(verdict).toMatchObject({ outcome, metric: 'judge-win-rate', limit: 0.4, samples: 400 });
  });

  test.each([
    { mean: 0.92, outcome: 'pass' },
    { mean: 0.86, outcome: 'inconclusive' },
    { mean: 0.75, outcome: 'fail' },
  ])('score above 0.85: $mean: $outcome', ({ mean, outcome }) => {
    const verdict = verdictOf(answer({ scores: scores(0.9, mean) }), limits({ minScore: 0.85 }));
    expect(verdict).toMatchObject({ outcome, metric: 'judge-score', limit: 0.85, value: mean });
  });

  test('each that is set has its verdict, and what it does not get it does not judge', () => {
    const all = limits({ maxDrop: 0.1, minWinRate: 0.4, minScore: 0.5 });
    const verdicts = verdictsOf(answer({ wins: 150, losses: 150, ties: 100 }), all);
    expect(verdicts.map((it) => [it.metric, it.outcome, it.gap])).toEqual([
      ['judge-quality-drop', 'inconclusive', 'noData'],
      ['judge-win-rate', 'pass', null],
      ['judge-score', 'inconclusive', 'noData'],
    ]);
    expect(verdicts[0]?.sentence).toBe('judge: quality drop not judged, no data: the answer has no scores');
    expect(verdictsOf(answer({ wins: 0, losses: 0, ties: 0 }), all).map((it) => it.gap)).toEqual([
      'noData',
      'noData',
      'noData',
    ]);
  });

  test('sentences tell a value from its limit', () => {
    const { sentence } = verdictOf(answer({ wins: 160, losses: 238, ties: 2 }), limits({ minWinRate: 0.4 }));
    expect(sentence).toMatch(
      /^judge: win rate 40.3 % over 400 prompts, 160 won and 238 lost \(.*\), limit > 40 %/,
    );
  });
});

/** So much worse that only distrust keeps it from being rolled back. */
const awful = { wins: 10, losses: 300, ties: 90, scores: scores(0.8, 0.4) };

describe('a judge is not trusted', () => {
  const noise = { wins: 10, losses: 10, ties: 20, scores: scores(0.8, 0.8, { count: 40 }) };
  test.each([
    {
      what: 'that lost more than 5 % of prompts',
      given: { trust: trust({ lost: { stable: 2, canary: 3, judge: 16 } }) },
      says: '21 of 400 prompts have no judgement, 5.3 % where 5 % are allowed: lost by stable 2, the canary 3, the judge 16',
    },
    {
      what: 'that sees differences between identical answers',
      given: { trust: trust({ identical: { asked: 20, right: 17 } }) },
      says: 'it called 17 of 20 identical pairs a tie, 18 are needed',
    },
    {
      what: 'that does not recognise spoilt answers',
      given: { trust: trust({ spoilt: { asked: 20, right: 2 } }) },
      says: 'it recognised 2 of 20 spoilt answers, 18 are needed',
    },
    {
      what: 'that was wrong about the only spoilt answer',
      given: { trust: trust({ spoilt: { asked: 1, right: 0 } }) },
      says: 'it recognised 0 of 1 spoilt answers, 1 are needed',
    },
    {
      what: 'that prefers stable’s first answer to its second',
      given: { noise: { ...noise, wins: 2, losses: 25, ties: 13 } },
      says: 'between two answers of stable it prefers one: win rate 21 % over 40 pairs',
    },
    {
      what: 'that scores stable’s second answer otherwise',
      given: { noise: { ...noise, scores: scores(0.8, 0.6, { count: 40 }) } },
      says: "it scores stable's second answers otherwise than the first: 60 % and 80 % over 40 pairs",
    },
  ])('$what', ({ given, says }) => {
    const verdict = verdictOf(answer(awful, given));
    expect(verdict).toMatchObject({
      outcome: 'inconclusive',
      gap: 'judgeNotTrusted',
      value: null,
      interval: null,
    });
    expect(verdict.sentence).toContain(`judge: quality drop not judged, the judge is not trusted: ${says}`);
  });

  test('that calls everything a tie, whatever the plan asks of sanity pairs', () => {
    const ties = { wins: 0, losses: 0, ties: 400, scores: scores(0.5, 0.5, { covariance: 0.0625 }) };
    const by = judgePlan({ trust: { mostLost: 0.05, leastRight: 0 } });
    const said = answer(ties, { trust: trust({ spoilt: { asked: 20, right: 0 } }) });
    expect(verdictOf(said, by).sentence).toContain(
      'it calls all 400 pairs ties, and recognised none of 20 spoilt',
    );
    expect(verdictOf(answer(ties), by).outcome).toBe('pass');
  });

  test('for all limits at once', () => {
    const all = limits({ maxDrop: 0.1, minWinRate: 0.4, minScore: 0.5 });
    const verdicts = verdictsOf(answer(awful, { trust: trust({ identical: { asked: 5, right: 3 } }) }), all);
    expect(verdicts.map((it) => it.gap)).toEqual(Array(3).fill('judgeNotTrusted'));
  });
});

describe('a judge is trusted', () => {
  test.each([
    {
      what: 'that lost just as much as it may',
      given: { trust: trust({ lost: { stable: 0, canary: 0, judge: 20 } }) },
    },
    {
      what: 'that is right as often as it must',
      given: { trust: trust({ identical: { asked: 20, right: 18 } }) },
    },
    { what: 'with one slip of five', given: { trust: trust({ spoilt: { asked: 5, right: 4 } }) } },
    {
      what: 'whose noise is noise',
      given: { noise: { wins: 14, losses: 8, ties: 18, scores: scores(0.7, 0.75, { count: 40 }) } },
    },
    {
      what: 'whose noise pairs are few and all alike',
      given: {
        noise: { wins: 3, losses: 0, ties: 0, scores: scores(0.7, 0.8, { count: 3, covariance: 0.0625 }) },
      },
    },
  ])('$what', ({ given }) => {
    const { outcome, sentence } = verdictOf(answer(awful, given));
    expect(outcome).toBe('fail');
    expect(sentence).toMatch(/limit < 10 %$/);
  });

  test('that nobody has checked, and its sentence says so', () => {
    const { trust: ours, ...foreign } = answer(awful);
    expect(ours).toBeDefined();
    for (const unchecked of [
      foreign,
      answer(awful, { trust: trust({ identical: { asked: 0, right: 0 }, spoilt: { asked: 0, right: 0 } }) }),
    ]) {
      const { outcome, sentence } = verdictOf(unchecked);
      expect(outcome).toBe('fail');
      expect(sentence).toMatch(/; the judge is unchecked: no pair with a known answer$/);
    }
    // Checkers know.
    expect(verdictOf(foreign, judgePlan({ endpoint: null })).sentence).toMatch(/limit < 10 %$/);
  });
});

test('a Job that failed has verdicts that say why', () => {
  const verdicts = judgeFailed(limits({ maxDrop: 0.1, minScore: 0.8 }), 'its deadline has passed');
  expect(verdicts.map((it) => [it.metric, it.limit])).toEqual([
    ['judge-quality-drop', 0.1],
    ['judge-score', 0.8],
  ]);
  for (const it of verdicts)
    expect(it).toMatchObject({ outcome: 'inconclusive', gap: 'judgeFailed', samples: 0 });
  expect(verdicts[1]?.sentence).toBe('judge: score not judged, the judge failed: its deadline has passed');
});

test('docs/judge.md quotes what is said', async () => {
  const said = [
    answer({ scores: scores(0.7, 0.556) }),
    answer({ scores: scores(0.7, 0.7084) }),
    answer({ scores: scores(0.7, 0.6643, { count: 100 }) }),
    answer({ scores: scores(0.7, 0.7) }, { trust: trust({ spoilt: { asked: 20, right: 2 } }) }),
  ].map((it) => verdictOf(it).sentence);
  expect(await readFile('docs/judge.md', 'utf8')).toContain(`\n${said.join('\n')}\n`);
});
