/** How many of some requests had a property, usually a bad one: 0 <= bad <= total. Whole numbers, or sums of shares. */
export interface Proportion {
  readonly bad: number;
  readonly total: number;
}

/** Between these two, as shares (0 to 1). */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** @throws RangeError for counts that cannot be. */
export function checkProportion({ bad, total }: Proportion): void {
  if (!(bad >= 0 && total >= bad && Number.isFinite(total)))
    throw new RangeError(`${bad} of ${total} is no proportion; allowed: 0 <= bad <= total, finite`);
}
