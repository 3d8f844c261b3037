import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { checkAlpha, deviationsAt } from './alpha.ts';
import type { Spending } from './spending.ts';

/** Looks that were planned. */
export interface PlannedLooks {
  /** At which parts of all the information: rising, above 0, the last at most 1. */
  readonly fractions: readonly number[];
  /** On each side. */
  readonly alpha: number;
  readonly spending: Spending;
  /** 1: only what is too high is looked for. 2: what is too low as well, at the same distance. */
  readonly sides: 1 | 2;
}

/**
 * How many standard errors from the tested value the estimate has to be at each look, so that one that is true is **ever**
 * called wrong with a probability of `alpha` on each side; Infinity where nothing may be spent yet.
 *
 * By recursive numerical integration: the density of the sum so far, of those that went on, from look to look. Armitage,
 * McPherson and Rowe, "Repeated significance tests on accumulating data", J. R. Stat. Soc. A 132 (1969); Jennison and
 * Turnbull, "Group Sequential Methods" (2000), chapter 19.
 */
export function groupSequentialBoundaries({ fractions, alpha, spending, sides }: PlannedLooks): number[] {
  checkAlpha(alpha);
  checkFractions(fractions);
  let spent = 0;
  let before = 0;
  // Before the first look there is one sum, and it is 0.
  let alive: Alive = { sums: [0], masses: [1] };
  return fractions.map((fraction, index) => {
    const allowed = spending(fraction, alpha) - spent;
    spent += allowed;
    const error = Math.sqrt(fraction - before);
    const scale = Math.sqrt(fraction);
    const boundary = boundaryOf(allowed, alive, { error, scale });
    const next = fractions[index + 1] ?? Infinity;
    const step = Math.min(error, Math.sqrt(next - fraction)) / pointsPerError;
    const to = Math.min(boundary, farthest) * scale;
    const from = sides === 2 ? -to : -farthest * scale;
    alive = goneOn(alive, { error, step, from, to });
    before = fraction;
    return boundary;
  });
}

/** The sums that went on, and how much probability each stands for: density times Simpson's weight. */
interface Alive {
  readonly sums: readonly number[];
  readonly masses: readonly number[];
}

/** So many standard errors away there is nothing to integrate. */
const farthest = 8;
/** Points of the integral in each standard error of what comes between two looks. */
const pointsPerError = 10;
/** Less cannot be told from what rounding leaves. */
const nothing = 1e-14;

/** Where the probability of going beyond is just what is allowed. */
function boundaryOf(
  allowed: number,
  alive: Alive,
  { error, scale }: { readonly error: number; readonly scale: number },
): number {
  if (allowed < nothing) return Infinity;
  const beyond = (boundary: number) =>
    sumOf(alive, (sum) => normalCdf((sum - boundary * scale) / error, 0, 1));
  // There it would be spent if nothing had been stopped before.
  let [low, high] = [-farthest, deviationsAt(allowed)];
  for (let turn = 0; turn < 50; turn += 1) {
    const middle = (low + high) / 2;
    if (beyond(middle) > allowed) low = middle;
    else high = middle;
  }
  return high;
}

/** Of the integral over the sums that go on from a look. */
interface Step {
  /** Standard error of what this look adds. */
  readonly error: number;
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

function goneOn(alive: Alive, { error, step, from, to }: Step): Alive {
  // Simpson's rule wants an even number of intervals.
  const intervals = 2 * Math.ceil((to - from) / step / 2);
  const width = (to - from) / intervals;
  const sums = Array.from({ length: intervals + 1 }, (_, index) => from + index * width);
  const masses = sums.map((sum, index) => {
    const weight = index === 0 || index === intervals ? 1 : index % 2 === 1 ? 4 : 2;
    const density = sumOf(alive, (earlier) => Math.exp(-(((sum - earlier) / error) ** 2) / 2));
    return ((weight * width) / 3) * (density / (error * Math.sqrt(2 * Math.PI)));
  });
  return { sums, masses };
}

function sumOf({ sums, masses }: Alive, of: (sum: number) => number): number {
  return sums.reduce((total, sum, index) => total + of(sum) * (masses[index] ?? 0), 0);
}

function checkFractions(fractions: readonly number[]): void {
  const rising = fractions.every((it, index) => it > (fractions[index - 1] ?? 0));
  if (!(fractions.length > 0 && rising && (fractions.at(-1) ?? 2) <= 1))
    throw new RangeError(
      `looks at ${fractions.join(', ')} of the information cannot be; allowed: rising, above 0, the last at most 1`,
    );
}
