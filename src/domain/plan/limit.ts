import type { Limit } from './plan.ts';

/** A criterion's limit, whichever it is. */
export interface Bound {
  readonly of: 'value' | 'ratio' | 'difference';
  /** Where the value must stay. */
  readonly side: 'below' | 'above';
  readonly limit: number;
}

export function boundOf(limit: Limit): Bound {
  if ('max' in limit) return { of: 'value', side: 'below', limit: limit.max };
  if ('maxRatio' in limit) return { of: 'ratio', side: 'below', limit: limit.maxRatio };
  if ('maxDifference' in limit) return { of: 'difference', side: 'below', limit: limit.maxDifference };
  if ('min' in limit) return { of: 'value', side: 'above', limit: limit.min };
  if ('minRatio' in limit) return { of: 'ratio', side: 'above', limit: limit.minRatio };
  return { of: 'difference', side: 'above', limit: limit.minDifference };
}
