import { shareOf, type Measurement } from '../analysis/measurement.ts';

/** Requests of both arms below which nothing is said about the split. */
const enoughRequests = 200;
/** Two-sided 1 in 16,000: the split is looked at every few seconds for days. */
const z = 4;

/**
 * Whether the split that was seen can be the one that was asked for: inside of the binomial band, by the normal
 * approximation with half a request of continuity correction.
 * @returns null when it can, or when there are too few requests; else a sentence.
 */
export function wrongShare(measurement: Measurement, weightPercent: number): string | null {
  if (measurement.kind !== 'measured') return null;
  const [stable, canary] = [measurement.stable, measurement.canary].map((it) => shareOf(it, 'error-rate'));
  if (stable === undefined || canary === undefined || 'missing' in stable || 'missing' in canary) return null;
  const total = canary.total + stable.total;
  if (total < enoughRequests) return null;
  const asked = weightPercent / 100;
  const band = z * Math.sqrt(total * asked * (1 - asked)) + 0.5;
  const expected = total * asked;
  // At 100 % the band has no width; stragglers of the shift before are not a broken gateway.
  const slack = Math.max(band, total * 0.01);
  if (Math.abs(canary.total - expected) <= slack) return null;
  const seen = ((canary.total / total) * 100).toFixed(1);
  return `${complaint(weightPercent)}, and ${seen} % of ${Math.round(total)} requests reach the canary`;
}

/** Whether a sentence of `wrongShare` was about this weight: its counts are others in each look. */
export function isAboutShare(sentence: string, weightPercent: number): boolean {
  return sentence.startsWith(`${complaint(weightPercent)}, `);
}

function complaint(weightPercent: number): string {
  return `the gateway is asked for ${weightPercent} %`;
}
