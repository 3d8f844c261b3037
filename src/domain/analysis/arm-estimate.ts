import { customName, isCost, isValue, metrics } from '../metrics/metrics.ts';
import type { Criterion } from '../plan/plan.ts';
import { intervalOf } from '../statistics/bounds.ts';
import type { Looking } from '../statistics/looking.ts';
import {
  costOf,
  histogramOf,
  shareOf,
  valueOf,
  type ArmMeasurement,
  type Failed,
  type Missing,
  type ToldValue,
} from './measurement.ts';
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
  /** Requests (or tokens, or ratings) that it rests on; 0 of a value, which nobody counted: its interval is itself. */
  readonly samples: number;
}

/** How wide the interval is: the doubt on either side. */
export interface Doubt {
  readonly looking: Looking;
  readonly alpha: { readonly low: number; readonly high: number };
}

/** null where nothing was counted. */
type Estimated = ArmEstimate | Missing | Failed | null;

export function estimateArm(criterion: Criterion, arm: ArmMeasurement, doubt: Doubt): Estimated {
  if ('quantile' in criterion)
    return estimateQuantile(criterion.quantile, histogramOf(arm, criterion.metric), doubt);
  if (criterion.metric === 'custom') return estimateValue(valueOf(arm, customName(criterion.name)));
  const { metric } = criterion;
  if (isValue(metric)) return estimateValue(valueOf(arm, metric));
  return isCost(metric)
    ? estimateMean(costOf(arm, metric), doubt)
    : estimateShare(metrics[metric].better, shareOf(arm, metric), doubt);
}

function estimateValue(told: ToldValue): Estimated {
  if (!('value' in told)) return told;
  const { value } = told;
  return { value, interval: { low: value, high: value }, beyondBuckets: false, samples: 0 };
}

/** Bad ones are counted whatever is told: of what is better when it is higher the others are the value. */
function estimateShare(
  better: 'lower' | 'higher',
  share: ReturnType<typeof shareOf>,
  { looking, alpha }: Doubt,
): Estimated {
  if ('missing' in share) return share;
  const { bad, total } = share;
  if (total === 0) return null;
  const rest = { beyondBuckets: false, samples: total };
  if (better === 'lower')
    return { value: bad / total, interval: intervalOf(looking.share, share, alpha), ...rest };
  const { low, high } = intervalOf(looking.share, share, { low: alpha.high, high: alpha.low });
  return { value: 1 - bad / total, interval: { low: 1 - high, high: 1 - low }, ...rest };
}

/** The bounds of a mean are right for many amounts: of fewer than these nobody knows anything, however far off they are. */
const leastAmounts = 100;

function estimateMean(amounts: ReturnType<typeof costOf>, { looking, alpha }: Doubt): Estimated {
  if ('missing' in amounts) return amounts;
  const { count, mean } = amounts;
  if (count === 0) return null;
  const rest = { value: mean, beyondBuckets: false, samples: count };
  if (count < leastAmounts) return { ...rest, interval: { low: 0, high: null } };
  const high = looking.mean.high(amounts, alpha.high);
  const interval = {
    low: looking.mean.low(amounts, alpha.low),
    high: Number.isFinite(high) ? high : null,
  };
  return { ...rest, interval };
}

function estimateQuantile(
  q: number,
  histogram: ReturnType<typeof histogramOf>,
  { looking, alpha }: Doubt,
): Estimated {
  if ('missing' in histogram) return histogram;
  const { buckets } = histogram;
  const found = quantile(q, buckets);
  if (found === null) return null;
  return {
    value: found.value,
    interval: quantileInterval(q, buckets, looking.share, alpha),
    beyondBuckets: found.beyondBuckets,
    samples: countOf(buckets),
  };
}
