import { sequentialMeanBounds, singleLookMeanBounds, type MeanBounds } from './asymptotic-mean-bounds.ts';
import { pointBounds, type Bounds } from './bounds.ts';
import { exactBounds } from './exact-bounds.ts';
import { sequentialBounds } from './sequential-bounds.ts';

/** Bounds of whatever is counted, fit for how often somebody looks. */
export interface Looking {
  readonly share: Bounds;
  readonly mean: MeanBounds;
}

/** Somebody looks once. */
export const onceLooked: Looking = { share: exactBounds, mean: singleLookMeanBounds };

/** Somebody looks again and again, and stops when he likes what he sees. */
export const everLooked: Looking = { share: sequentialBounds, mean: sequentialMeanBounds };

/** What was seen is taken for the truth. */
export const undoubted: Looking = {
  share: pointBounds,
  mean: { low: ({ mean }) => mean, high: ({ mean }) => mean },
};
