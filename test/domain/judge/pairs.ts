import type { JudgeAnswer, JudgeTrust } from '../../../src/domain/judge/answer.ts';
import type { JudgedPair, Judgement } from '../../../src/domain/judge/judged-pair.ts';
import type { PairedMeasurement, PairedScores } from '../../../src/domain/judge/paired-measurement.ts';

export function judgement(changes: Partial<Judgement> = {}): Judgement {
  return { votes: ['tie', 'tie'], winner: 'tie', scores: { stable: 0.5, canary: 0.5 }, ...changes };
}

export function judgedPair(changes: Partial<JudgedPair> = {}): JudgedPair {
  return {
    id: 'p1',
    category: null,
    kind: 'arms',
    judgement: judgement(),
    lostBy: null,
    lengths: { stable: 100, canary: 100 },
    ...changes,
  };
}

/** Of scores that deviate by 0.25 in either arm, and by about 0.3 in their differences. */
export function scores(stable: number, canary: number, changes: Partial<PairedScores> = {}): PairedScores {
  return {
    count: 400,
    stable: { mean: stable, variance: 0.0625 },
    canary: { mean: canary, variance: 0.0625 },
    covariance: 0.0175,
    ...changes,
  };
}

export function trust(changes: Partial<JudgeTrust> = {}): JudgeTrust {
  return {
    asked: 400,
    lost: { stable: 0, canary: 0, judge: 0 },
    identical: { asked: 20, right: 20 },
    spoilt: { asked: 20, right: 20 },
    order: { decided: 600, first: 300 },
    sameFamily: false,
    ...changes,
  };
}

export function answer(pairs: Partial<PairedMeasurement>, changes: Partial<JudgeAnswer> = {}): JudgeAnswer {
  return {
    version: 1,
    pairs: { wins: 100, losses: 100, ties: 200, ...pairs },
    trust: trust(),
    ...changes,
  };
}
