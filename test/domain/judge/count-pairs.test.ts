import { describe, expect, test } from '@jest/globals';
import { countPairs } from '../../../src/domain/judge/count-pairs.ts';
import { judgedPair, judgement } from './pairs.ts';

const lost = (lostBy: 'stable' | 'canary' | 'judge' | null) => judgedPair({ judgement: null, lostBy });
const won = judgedPair({
  judgement: judgement({ winner: 'canary', votes: ['second', 'first'], scores: { stable: 0.25, canary: 1 } }),
});
const lostToStable = judgedPair({
  judgement: judgement({
    winner: 'stable',
    votes: ['first', 'second'],
    scores: { stable: 0.75, canary: 0.5 },
  }),
});

describe('counting the arms’ pairs', () => {
  test('wins, losses, ties and the sums of scores come from those that are judged', () => {
    const { pairs } = countPairs([won, won, lostToStable, judgedPair(), lost('judge')], false);
    expect(pairs).toMatchObject({ wins: 2, losses: 1, ties: 1 });
    // Stable: 0.25, 0.25, 0.75, 0.5; canary: 1, 1, 0.5, 0.5. By hand.
    expect(pairs.scores?.count).toBe(4);
    expect(pairs.scores?.stable.mean).toBeCloseTo(0.4375, 12);
    expect(pairs.scores?.stable.variance).toBeCloseTo(0.171_875 / 3, 12);
    expect(pairs.scores?.canary.mean).toBeCloseTo(0.75, 12);
    expect(pairs.scores?.canary.variance).toBeCloseTo(0.25 / 3, 12);
    expect(pairs.scores?.covariance).toBeCloseTo(-0.1875 / 3, 12);
  });

  test('one pair has no variance, so no scores; none has nothing', () => {
    expect(countPairs([won], false).pairs).toEqual({ wins: 1, losses: 0, ties: 0 });
    expect(countPairs([], false)).toEqual({
      pairs: { wins: 0, losses: 0, ties: 0 },
      trust: {
        asked: 0,
        lost: { stable: 0, canary: 0, judge: 0 },
        identical: { asked: 0, right: 0 },
        spoilt: { asked: 0, right: 0 },
        order: { decided: 0, first: 0 },
        sameFamily: false,
      },
    });
  });

  test('what is lost is counted for who lost it, for the judge where nobody says', () => {
    const noise = judgedPair({ kind: 'noise', judgement: null, lostBy: 'judge' });
    const { trust } = countPairs(
      [won, lost('stable'), lost('canary'), lost('judge'), lost(null), noise],
      true,
    );
    expect(trust).toMatchObject({ asked: 5, lost: { stable: 1, canary: 1, judge: 2 }, sameFamily: true });
  });
});

describe('pairs that are there for trust', () => {
  test('noise pairs are measured apart', () => {
    const noise = [won, lostToStable, lostToStable].map((it) => ({ ...it, kind: 'noise' as const }));
    const found = countPairs([won, judgedPair(), ...noise], false);
    expect(found.pairs).toMatchObject({ wins: 1, losses: 0, ties: 1 });
    expect(found.noise).toMatchObject({ wins: 1, losses: 2, ties: 0, scores: { count: 3 } });
  });

  test('right are a tie of what is identical, and stable before what is spoilt', () => {
    const kinds = [judgedPair(), won, lostToStable, lost('judge'), lost('stable')];
    const { trust, pairs } = countPairs(
      [
        ...kinds.map((it) => ({ ...it, kind: 'identical' as const })),
        ...kinds.map((it) => ({ ...it, kind: 'spoilt' as const })),
      ],
      false,
    );
    // What stable did not answer was never put to the judge.
    expect(trust.identical).toEqual({ asked: 4, right: 1 });
    expect(trust.spoilt).toEqual({ asked: 4, right: 1 });
    expect(trust.asked).toBe(0);
    expect(pairs).toEqual({ wins: 0, losses: 0, ties: 0 });
  });

  test('order counts single votes that preferred one, of arms and noise; no checker’s, no sanity pair’s', () => {
    const votes = (...both: ['first' | 'second' | 'tie', 'first' | 'second' | 'tie']) =>
      judgement({ votes: both });
    const { order } = countPairs(
      [
        judgedPair({ judgement: votes('first', 'first') }),
        judgedPair({ judgement: votes('tie', 'second') }),
        judgedPair({ kind: 'noise', judgement: votes('first', 'tie') }),
        judgedPair({ judgement: judgement({ votes: null, winner: 'canary' }) }),
        judgedPair({ kind: 'identical', judgement: votes('first', 'first') }),
        judgedPair({ kind: 'spoilt', judgement: votes('first', 'second') }),
      ],
      false,
    ).trust;
    expect(order).toEqual({ decided: 4, first: 3 });
  });
});

describe('lengths', () => {
  test('are means over the arms’ pairs with both answers, judged or not', () => {
    const { lengths } = countPairs(
      [
        judgedPair({ lengths: { stable: 100, canary: 300 } }),
        judgedPair({ judgement: null, lostBy: 'judge', lengths: { stable: 200, canary: 500 } }),
        judgedPair({ judgement: null, lostBy: 'canary', lengths: null }),
        judgedPair({ kind: 'noise', lengths: { stable: 9000, canary: 9000 } }),
      ],
      false,
    );
    expect(lengths).toEqual({ stable: 150, canary: 400, controlledWinRate: null });
  });

  test('are absent where nobody has both', () => {
    expect(countPairs([judgedPair({ lengths: null })], false)).not.toHaveProperty('lengths');
  });

  test('the controlled rate sees wins by judged pairs', () => {
    const pairs = Array.from({ length: 40 }, (_, index) => {
      const isLonger = index % 2 === 0;
      return { ...(isLonger ? won : lostToStable), lengths: { stable: 100, canary: isLonger ? 200 : 50 } };
    });
    // All that is longer wins: at equal length nobody would.
    const { lengths } = countPairs([...pairs, ...pairs.map((it) => ({ ...it, judgement: null }))], false);
    expect(lengths?.controlledWinRate).toBeGreaterThan(0.1);
    expect(lengths?.controlledWinRate).toBeLessThan(0.5);
  });
});
