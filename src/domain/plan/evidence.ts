/**
 * - `proven`: passes when the limit is kept, fails when it is broken, at the plan's risk; between it is inconclusive.
 * - `noBreach`: fails when the limit is proven to be broken, passes unless it is.
 * - `estimate`: point values are taken for the truth.
 */
export const evidences = ['proven', 'noBreach', 'estimate'] as const;

export type Evidence = (typeof evidences)[number];
