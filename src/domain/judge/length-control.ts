import type { Judgement } from './judged-pair.ts';

/** A pair as the regression sees it. */
export interface ComparedLengths {
  /** Of the canary: 1; 1/2 for a tie; 0. */
  readonly win: number;
  /** The canary's answer less stable's, in characters. */
  readonly longerBy: number;
}

export function winOf({ winner }: Judgement): number {
  return winner === 'canary' ? 1 : winner === 'tie' ? 1 / 2 : 0;
}

/** Of fewer pairs nobody can tell length from quality. */
const leastPairs = 20;
/** As much as keeps the estimate finite where one arm wins everything, and moves nothing else. */
const ridge = 0.01;
const mostSteps = 50;

/**
 * The canary's win rate as it would be if both arms answered at equal length: a logistic regression of wins on the length
 * difference, in its standard deviations and bent by tanh so that the longest answers do not decide, and read where that
 * difference is 0. After Dubois, Galambosi, Liang and Hashimoto, "Length-controlled AlpacaEval: a simple way to debias
 * automatic evaluators" (arXiv 2404.04475), section 3, for one pair of models and without a term for how hard a prompt is.
 * @returns 0 to 1; null where nobody can tell: fewer than 20 pairs, all differences alike, or one arm always the longer one.
 */
export function lengthControlledRate(pairs: readonly ComparedLengths[]): number | null {
  if (pairs.length < leastPairs) return null;
  const differences = pairs.map((it) => it.longerBy);
  // Without answers of either kind, equal length would lie beyond all that was seen.
  const isCrossed = differences.some((it) => it <= 0) && differences.some((it) => it >= 0);
  const deviation = deviationOf(differences);
  if (!(isCrossed && deviation > 0)) return null;
  const intercept = interceptOf(
    pairs.map(({ win, longerBy }) => ({ win, bent: Math.tanh(longerBy / deviation) })),
  );
  return intercept === null ? null : logistic(intercept);
}

/** By Newton's method; null where it does not come to rest. */
function interceptOf(points: readonly { readonly win: number; readonly bent: number }[]): number | null {
  let [intercept, slope] = [0, 0];
  for (let step = 0; step < mostSteps; step += 1) {
    let [pull, pullOfSlope] = [-ridge * intercept, -ridge * slope];
    let [a, b, c] = [ridge, 0, ridge];
    for (const { win, bent } of points) {
      const expected = logistic(intercept + slope * bent);
      const weight = expected * (1 - expected);
      pull += win - expected;
      pullOfSlope += (win - expected) * bent;
      a += weight;
      b += weight * bent;
      c += weight * bent ** 2;
    }
    const determinant = a * c - b ** 2;
    const move = (c * pull - b * pullOfSlope) / determinant;
    const moveOfSlope = (a * pullOfSlope - b * pull) / determinant;
    intercept += move;
    slope += moveOfSlope;
    if (!Number.isFinite(intercept + slope)) return null;
    if (Math.abs(move) + Math.abs(moveOfSlope) < 1e-9) return intercept;
  }
  return null;
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, it) => sum + it, 0) / values.length;
  return Math.sqrt(values.reduce((sum, it) => sum + (it - mean) ** 2, 0) / values.length);
}
