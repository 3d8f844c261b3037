import { deviationsAt } from './alpha.ts';
import type { Interval } from './proportion.ts';

/** How pairs ended: `wins + losses + ties` of them. */
export interface PairedCounts {
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
}

/**
 * Where the true share of wins less that of losses lies: below `low`, or above `high`, with a probability of about its
 * alpha; -1 to 1, which is also what no pair at all says.
 *
 * Tango's score interval: the differences that lie z standard errors from the one that was seen, where the standard error
 * is that of the tested difference. Tango, "Equivalence test and confidence interval for the difference in proportions for
 * the paired-sample design", Statistics in Medicine 17 (1998), pp. 891-908. Right on average, also for few pairs and for
 * none lost, where mean and deviation alone would end in a point.
 */
export function pairedDifference(
  counts: PairedCounts,
  alpha: { readonly low: number; readonly high: number },
): Interval {
  checkCounts(counts);
  const { wins, losses, ties } = counts;
  return { low: lowest(counts, alpha.low), high: -lowest({ wins: losses, losses: wins, ties }, alpha.high) };
}

/**
 * Where the true win rate lies, ties counted as half a win: (1 + difference) / 2. Of pairs that can tie this is narrower
 * than a share's interval, and right.
 */
export function winRateInterval(
  counts: PairedCounts,
  alpha: { readonly low: number; readonly high: number },
): Interval {
  const { low, high } = pairedDifference(counts, alpha);
  return { low: (1 + low) / 2, high: (1 + high) / 2 };
}

/** Halvings of an interval of length 2: more than a double can tell apart. */
const halvings = 60;

function lowest(counts: PairedCounts, alpha: number): number {
  const z = deviationsAt(alpha);
  const pairs = counts.wins + counts.losses + counts.ties;
  if (pairs === 0) return -1;
  // The statistic falls as the tested difference rises.
  let [low, high] = [-1, (counts.wins - counts.losses) / pairs];
  for (let turn = 0; turn < halvings; turn += 1) {
    const middle = (low + high) / 2;
    if (deviationsFrom(middle, counts) > z) low = middle;
    else high = middle;
  }
  return low;
}

/** How many standard errors what was seen lies above a tested difference. */
function deviationsFrom(difference: number, { wins, losses, ties }: PairedCounts): number {
  const pairs = wins + losses + ties;
  // The likeliest share of losses, if that were the difference: the positive root of a quadratic.
  const b = (2 * pairs - wins + losses) * difference - wins - losses;
  const c = -losses * difference * (1 - difference);
  const lost = (Math.sqrt(Math.max(0, b ** 2 - 8 * pairs * c)) - b) / (4 * pairs);
  const variance = pairs * (2 * lost + difference * (1 - difference));
  const over = wins - losses - pairs * difference;
  return variance > 0 ? over / Math.sqrt(variance) : over > 0 ? Infinity : 0;
}

function checkCounts({ wins, losses, ties }: PairedCounts): void {
  if (!(wins >= 0 && losses >= 0 && ties >= 0 && wins + losses + ties < Infinity))
    throw new RangeError(
      `${wins} wins, ${losses} losses and ${ties} ties cannot be; allowed: 0 and above, finite`,
    );
}
