import type { Criterion } from '../plan/plan.ts';
import { intervalOf, type Bounds } from '../statistics/bounds.ts';
import { histogramOf, shareOf, type ArmMeasurement, type Missing } from './measurement.ts';
import { countOf, quantile } from './quantile.ts';
import { quantileInterval } from './quantile-bounds.ts';

/** What one arm's numbers say of a metric. */
export interface ArmEstimate {
  /** In the metric's unit. */
  readonly value: number;
  /** Where the true value lies; `high` is null where nobody knows. */
  readonly interval: { readonly low: number; readonly high: number | null };
  /** The true value lies beyond the histogram's last finite bucket, whose bound `value` is. */
  readonly beyondBuckets: boolean;
  /** Requests (or tokens) that it rests on. */
  readonly samples: number;
}

/** How wide the interval is: the doubt on either side. */
export interface Doubt {
  readonly bounds: Bounds;
  readonly alpha: { readonly low: number; readonly high: number };
}

/** @returns null where nothing was counted. */
export function estimateArm(
  criterion: Criterion,
  arm: ArmMeasurement,
  doubt: Doubt,
): ArmEstimate | Missing | null {
  return 'quantile' in criterion
    ? estimateQuantile(criterion.quantile, histogramOf(arm, criterion.metric), doubt)
    : estimateShare(shareOf(arm, criterion.metric), doubt);
}

function estimateShare(
  share: ReturnType<typeof shareOf>,
  { bounds, alpha }: Doubt,
): ReturnType<typeof estimateArm> {
  if ('missing' in share) return share;
  const { bad, total } = share;
  if (total === 0) return null;
  return {
    value: bad / total,
    interval: intervalOf(bounds, share, alpha),
    beyondBuckets: false,
    samples: total,
  };
}

function estimateQuantile(
  q: number,
  histogram: ReturnType<typeof histogramOf>,
  { bounds, alpha }: Doubt,
): ReturnType<typeof estimateArm> {
  if ('missing' in histogram) return histogram;
  const { buckets } = histogram;
  const found = quantile(q, buckets);
  if (found === null) return null;
  return {
    value: found.value,
    interval: quantileInterval(q, buckets, bounds, alpha),
    beyondBuckets: found.beyondBuckets,
    samples: countOf(buckets),
  };
}
