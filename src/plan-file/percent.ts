export const percentPattern = /^(\d+(?:\.\d+)?) ?%$/;
export const signedPercentPattern = /^(-?\d+(?:\.\d+)?) ?%$/;

/** The share that '0.1%' or '0.1 %' is: 0.001; null when it is no percentage. */
export function parsePercent(text: string): number | null {
  return shareIn(text, percentPattern);
}

/** As {@link parsePercent}; '-2%' is -0.02. */
export function parseSignedPercent(text: string): number | null {
  return shareIn(text, signedPercentPattern);
}

function shareIn(text: string, pattern: RegExp): number | null {
  const digits = pattern.exec(text)?.[1];
  // Shifted as decimals: 0.7 / 100 is 0.006999999999999999, and 0.007 was meant.
  return digits === undefined ? null : Number(`${digits}e-2`);
}

/** 0.001 is '0.1%'. */
export function formatPercent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`;
}
