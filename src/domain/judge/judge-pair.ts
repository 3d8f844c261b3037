import type { Judgement } from './judged-pair.ts';
import type { Reading } from './read-judgement.ts';

/**
 * One judgement out of two votes: a judge that prefers a place rather than an answer contradicts itself when the order is
 * turned round, and what it contradicts is a tie. Grades are the means of both, from 0 to 1.
 *
 * @param stableFirst the vote on stable's answer shown first
 * @param canaryFirst the vote on the canary's answer shown first
 */
export function judgementOf(stableFirst: Reading, canaryFirst: Reading): Judgement {
  const votes = [stableFirst.better, canaryFirst.better] as const;
  const inOneOrder = { first: 'stable', second: 'canary', tie: 'tie' } as const;
  const inTheOther = { first: 'canary', second: 'stable', tie: 'tie' } as const;
  const winner = inOneOrder[votes[0]];
  return {
    votes,
    winner: winner === inTheOther[votes[1]] ? winner : 'tie',
    scores: {
      stable: scoreOf(stableFirst.grades.first, canaryFirst.grades.second),
      canary: scoreOf(stableFirst.grades.second, canaryFirst.grades.first),
    },
  };
}

/** The judgement of a checker: an answer is right or wrong, and of two that are alike none is better. */
export function checkedJudgement(right: { readonly stable: boolean; readonly canary: boolean }): Judgement {
  const scores = { stable: right.stable ? 1 : 0, canary: right.canary ? 1 : 0 };
  const winner = scores.stable > scores.canary ? 'stable' : 'canary';
  return { votes: null, winner: scores.stable === scores.canary ? 'tie' : winner, scores };
}

/** Grades go from 1 to 5. */
function scoreOf(one: number, other: number): number {
  return ((one + other) / 2 - 1) / 4;
}
