import type { Bound } from '../plan/limit.ts';
import type { Finding, KnownEstimate } from './finding.ts';
import type { Standard } from './standard.ts';
import { signs } from './wording.ts';

/** Holds an estimate against its limit: the only place where numbers become an outcome. */
export function decide(estimate: KnownEstimate, bound: Bound, standard: Standard): Finding {
  const { value, interval, samples, counted } = estimate;
  const { side, limit } = bound;
  const needed = Math.max(1, standard.minimumSamples);
  // Without counts there is no proof, whatever is asked for.
  const byPoints = standard.evidence === 'estimate' || counted === null;
  const told = byPoints ? estimate.said : `${estimate.said} (${range(estimate, limit)})`;
  const known = {
    gap: null,
    value: estimate.known === 'not at all' ? null : value,
    interval: byPoints ? null : interval,
    samples,
    sentence: `${told}, limit ${signs[side]} ${estimate.written(limit)}`,
  } as const;
  const open = (gap: NonNullable<Finding['gap']>, why: string): Finding => {
    return { ...known, outcome: 'inconclusive', gap, sentence: `${known.sentence}: ${why}` };
  };
  const tooFew = (): Finding => {
    const why = `${needed} ${counted} are needed`;
    return { ...open('tooFewSamples', why), value: null, interval: null };
  };

  if (byPoints) {
    if (counted !== null && samples < needed) return tooFew();
    // A bound helps only where the true value can but lie further on the same side.
    const isBelow = value < limit;
    const within = side === 'below' ? isBelow : value > limit;
    if (estimate.known === 'exactly' || estimate.known === (isBelow ? 'at most' : 'at least'))
      return { ...known, outcome: within ? 'pass' : 'fail' };
    return open('armsNotComparable', 'the histogram ends too early');
  }
  const proven = provenBy(interval, bound);
  if (proven === 'broken') return { ...known, outcome: 'fail' };
  if (samples < needed) return tooFew();
  if (proven === 'kept') return { ...known, outcome: 'pass' };
  if (standard.evidence === 'noBreach')
    return { ...known, outcome: 'pass', sentence: `${known.sentence}: no breach proven` };
  return open('tooFewSamples', 'not proven yet');
}

/** What an interval says of a limit, which is strict. */
function provenBy(
  { low, high }: KnownEstimate['interval'],
  { side, limit }: Bound,
): 'kept' | 'broken' | 'neither' {
  const isBelow = high !== null && high < limit;
  const isAbove = low > limit;
  if (side === 'below') {
    if (low >= limit) return 'broken';
    return isBelow ? 'kept' : 'neither';
  }
  if (high !== null && high <= limit) return 'broken';
  return isAbove ? 'kept' : 'neither';
}

/** `1.5 % to 3.4 %`, `at least 2 x`, `at most 1.2 %` */
function range({ interval, written }: KnownEstimate, limit: number): string {
  const { low, high } = interval;
  // Neither says anything: below nothing there is no share, and below minus infinity no difference.
  const isOpen = low === 0 || low === -Infinity;
  if (high === null) return isOpen ? 'nobody knows' : `at least ${written(low, limit)}`;
  return isOpen ? `at most ${written(high, limit)}` : `${written(low, limit)} to ${written(high, limit)}`;
}
