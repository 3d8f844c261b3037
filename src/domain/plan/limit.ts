import type { Limit } from './plan.ts';

/** A criterion's limit, whichever it is. */
export interface Bound {
  readonly of: 'value' | 'ratio' | 'difference';
  readonly below: number;
}

export function boundOf(limit: Limit): Bound {
  if ('max' in limit) return { of: 'value', below: limit.max };
  if ('maxRatio' in limit) return { of: 'ratio', below: limit.maxRatio };
  return { of: 'difference', below: limit.maxDifference };
}
