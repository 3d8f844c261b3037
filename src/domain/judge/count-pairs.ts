import type { JudgeAnswer, SanityCount } from './answer.ts';
import type { JudgedPair, Judgement, PairKind } from './judged-pair.ts';
import type { PairedMeasurement, PairedScores } from './paired-measurement.ts';

/** Counts judged pairs into what a judge's Job answers. */
export function countPairs(
  pairs: readonly JudgedPair[],
  { sameFamily }: { readonly sameFamily: boolean },
): Pick<JudgeAnswer, 'pairs' | 'noise' | 'trust' | 'lengths'> {
  const of = (kind: PairKind) => pairs.filter((it) => it.kind === kind);
  const arms = of('arms');
  const asked = [...arms, ...of('noise')];
  const lost = (by: 'stable' | 'canary' | 'judge') => asked.filter((it) => it.lostBy === by).length;
  const decided = pairs
    .filter((it) => it.kind === 'arms' || it.kind === 'noise')
    .flatMap((it) => it.judgement?.votes ?? [])
    .filter((it) => it !== 'tie');
  const lengths = arms.flatMap((it) => (it.lengths === null ? [] : [it.lengths]));
  return {
    pairs: measured(arms),
    noise: measured(of('noise')),
    trust: {
      asked: asked.length,
      lost: { stable: lost('stable'), canary: lost('canary'), judge: lost('judge') },
      identical: sanity(of('identical'), 'tie'),
      spoilt: sanity(of('spoilt'), 'stable'),
      order: { decided: decided.length, first: decided.filter((it) => it === 'first').length },
      sameFamily,
    },
    ...(lengths.length === 0
      ? {}
      : {
          lengths: {
            stable: mean(lengths.map((it) => it.stable)),
            canary: mean(lengths.map((it) => it.canary)),
            controlledWinRate: null,
          },
        }),
  };
}

function sanity(pairs: readonly JudgedPair[], right: Judgement['winner']): SanityCount {
  const judged = pairs.flatMap((it) => it.judgement ?? []);
  return { asked: judged.length, right: judged.filter((it) => it.winner === right).length };
}

function measured(pairs: readonly JudgedPair[]): PairedMeasurement {
  const judged = pairs.flatMap((it) => it.judgement ?? []);
  const won = (winner: Judgement['winner']) => judged.filter((it) => it.winner === winner).length;
  const counts = { wins: won('canary'), losses: won('stable'), ties: won('tie') };
  return judged.length < 2 ? counts : { ...counts, scores: scoresOf(judged) };
}

function scoresOf(judged: readonly Judgement[]): PairedScores {
  const stable = judged.map((it) => it.scores.stable);
  const canary = judged.map((it) => it.scores.canary);
  return {
    count: judged.length,
    stable: { mean: mean(stable), variance: covariance(stable, stable) },
    canary: { mean: mean(canary), variance: covariance(canary, canary) },
    covariance: covariance(stable, canary),
  };
}

function covariance(one: readonly number[], other: readonly number[]): number {
  const [meanOne, meanOther] = [mean(one), mean(other)];
  const products = one.map((value, place) => (value - meanOne) * ((other[place] ?? 0) - meanOther));
  return products.reduce((sum, it) => sum + it, 0) / (one.length - 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, it) => sum + it, 0) / values.length;
}
