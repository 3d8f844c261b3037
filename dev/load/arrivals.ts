/** How arrivals are spaced: evenly, or at random with the same mean (a Poisson process). */
export type Spacing = 'constant' | 'poisson';

export interface ArrivalOptions {
  /** Mean number of arrivals in a second; more than 0. */
  ratePerSecond: number;
  spacing: Spacing;
  /** Arrivals lie in [0, durationMs): the end is excluded. Infinity never ends. */
  durationMs: number;
}

/**
 * The intended send times, in milliseconds from the start of the load, in
 * order. They are fixed before anything is sent, so no answer can move them.
 *
 * @param random asked only for `poisson`; see `seededRandom`.
 */
export function* arrivals(options: ArrivalOptions, random: () => number): Generator<number, void> {
  const next = options.spacing === 'constant' ? evenly(options) : atRandom(options, random);
  for (let at = next(); at < options.durationMs; at = next()) yield at;
}

function evenly({ ratePerSecond }: ArrivalOptions): () => number {
  let index = 0;
  // Multiplied, not summed: a sum of rounded gaps would drift off the rate.
  return () => (index++ * 1000) / ratePerSecond;
}

function atRandom({ ratePerSecond }: ArrivalOptions, random: () => number): () => number {
  let at = 0;
  return () => {
    // 1 - random() is never 0, so the logarithm is finite.
    at += (-Math.log(1 - random()) * 1000) / ratePerSecond;
    return at;
  };
}
