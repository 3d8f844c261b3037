/** A share as people write it: 0.023 is `2.3 %`. */
export function percent(share: number, beside?: number): string {
  return `${digits(share * 100, beside === undefined ? undefined : beside * 100)} %`;
}

/** A time as people write it: `180 ms` below ten seconds, else `12.5 s`. */
export function duration(seconds: number): string {
  return seconds < 10 ? `${digits(seconds * 1000)} ms` : `${digits(seconds)} s`;
}

/** How many times something is something else: `3.4 x`. */
export function times(ratio: number, beside?: number): string {
  return `${digits(ratio, beside)} x`;
}

/**
 * At most two significant digits, whole numbers whole. Next to a limit it takes as many as tell the two apart, so that
 * no sentence says "1 %, limit < 1 %" of a value that is below.
 */
export function digits(value: number, beside?: number): string {
  for (let precision = 2; precision < 12; precision += 1) {
    const text = written(value, precision);
    if (beside === undefined || value === beside || text !== written(beside, precision)) return text;
  }
  return String(value);
}

function written(value: number, precision: number): string {
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  return String(Number(value.toPrecision(Math.max(precision, whole))));
}
