import type { AnswerLengths, JudgeAnswer, JudgeTrust, SanityCount } from './answer.ts';
import type { JudgedPair, Judgement, PairKind } from './judged-pair.ts';
import { lengthControlledRate, winOf } from './length-control.ts';
import type { PairedMeasurement, PairedScores } from './paired-measurement.ts';

/** The parts of an answer that are counted from pairs. */
export type CountedAnswer = Pick<JudgeAnswer, 'pairs' | 'noise' | 'lengths'> & { readonly trust: JudgeTrust };

/** A pair with its judgement. */
type Judged = JudgedPair & { readonly judgement: Judgement };

/**
 * Counts what a judge's program has seen. What enters what:
 * - `pairs`, and `noise`: judged pairs of their kind; those without a judgement are left out. `noise` is absent without one.
 * - `trust.asked` and `lost`: pairs of the arms alone: what is missing there is missing in the result.
 * - `identical` and `spoilt`: right are a tie, and that stable's good answer won. One that the judge gave no usable
 *   judgement of is not right; one that an arm did not answer was never put to the judge, and does not count.
 * - `order`: single votes on the arms' pairs and on noise pairs. Of sanity pairs the right vote is known and says nothing
 *   of a judge's taste for places.
 * - `lengths`: pairs of the arms with both answers, judged or not; the controlled rate: those that are judged.
 * @param sameFamily whether the judge's model and a contestant's look like relatives.
 */
export function countPairs(pairs: readonly JudgedPair[], sameFamily: boolean): CountedAnswer {
  const of = (kind: PairKind) => pairs.filter((it) => it.kind === kind);
  const [arms, noise] = [of('arms'), judgedOf(of('noise'))];
  const judged = judgedOf(arms);
  const lengths = lengthsOf(arms, judged);
  return {
    pairs: measured(judged),
    ...(noise.length > 0 && { noise: measured(noise) }),
    trust: {
      asked: arms.length,
      lost: {
        stable: lostBy(arms, 'stable'),
        canary: lostBy(arms, 'canary'),
        judge: lostBy(arms, 'judge'),
      },
      identical: sanityOf(of('identical'), 'tie'),
      spoilt: sanityOf(of('spoilt'), 'stable'),
      order: orderOf([...judged, ...noise]),
      sameFamily,
    },
    ...(lengths !== null && { lengths }),
  };
}

function judgedOf(pairs: readonly JudgedPair[]): Judged[] {
  return pairs.filter((it): it is Judged => it.judgement !== null);
}

function measured(pairs: readonly Judged[]): PairedMeasurement {
  const ended = (winner: Judgement['winner']) =>
    pairs.filter(({ judgement }) => judgement.winner === winner).length;
  const counts = { wins: ended('canary'), losses: ended('stable'), ties: ended('tie') };
  // A single pair has no variance.
  return pairs.length < 2 ? counts : { ...counts, scores: scoresOf(pairs) };
}

function scoresOf(pairs: readonly Judged[]): PairedScores {
  const stable = pairs.map(({ judgement }) => judgement.scores.stable);
  const canary = pairs.map(({ judgement }) => judgement.scores.canary);
  const means = { stable: meanOf(stable), canary: meanOf(canary) };
  const together = (
    some: readonly number[],
    mean: number,
    others: readonly number[],
    otherMean: number,
  ): number => {
    const products = some.map((it, index) => (it - mean) * ((others[index] ?? NaN) - otherMean));
    return sumOf(products) / (pairs.length - 1);
  };
  return {
    count: pairs.length,
    stable: { mean: means.stable, variance: together(stable, means.stable, stable, means.stable) },
    canary: { mean: means.canary, variance: together(canary, means.canary, canary, means.canary) },
    covariance: together(stable, means.stable, canary, means.canary),
  };
}

/** Nobody said who: it is the judge that owed a judgement. */
function lostBy(pairs: readonly JudgedPair[], who: keyof JudgeTrust['lost']): number {
  return pairs.filter((it) => it.judgement === null && (it.lostBy ?? 'judge') === who).length;
}

function sanityOf(pairs: readonly JudgedPair[], right: Judgement['winner']): SanityCount {
  const put = pairs.filter((it) => it.judgement !== null || (it.lostBy ?? 'judge') === 'judge');
  return { asked: put.length, right: put.filter((it) => it.judgement?.winner === right).length };
}

function orderOf(pairs: readonly Judged[]): JudgeTrust['order'] {
  const votes = pairs.flatMap(({ judgement }) => judgement.votes ?? []).filter((it) => it !== 'tie');
  return { decided: votes.length, first: votes.filter((it) => it === 'first').length };
}

function lengthsOf(arms: readonly JudgedPair[], judged: readonly Judged[]): AnswerLengths | null {
  const known = arms.flatMap(({ lengths }) => lengths ?? []);
  if (known.length === 0) return null;
  const compared = judged.flatMap(({ judgement, lengths }) =>
    lengths === null ? [] : [{ win: winOf(judgement), longerBy: lengths.canary - lengths.stable }],
  );
  return {
    stable: meanOf(known.map((it) => it.stable)),
    canary: meanOf(known.map((it) => it.canary)),
    controlledWinRate: lengthControlledRate(compared),
  };
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, it) => sum + it, 0);
}
