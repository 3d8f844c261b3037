import { shareOf, type ArmMeasurement, type Measurement } from '../analysis/measurement.ts';
import type { Plan } from '../plan/plan.ts';

/** What a service did lately: how much a plan can prove depends on it. */
export interface Traffic {
  /** How far back was looked. */
  readonly windowMs: number;
  /** Of the whole service. */
  readonly requestsPerSecond: number;
  readonly stable: ArmMeasurement;
}

/** Whose traffic, and in which metrics: the plan says. */
export interface TrafficQuestion {
  readonly plan: Plan;
}

export type TrafficReading =
  | ({ readonly kind: 'traffic' } & Traffic)
  /** For people: nobody knows how much it is. */
  | { readonly kind: 'unknown'; readonly why: string };

/** The longest first: of a service that is young, or a Prometheus, the shorter ones are known. */
export const trafficWindowsMs: readonly number[] = [3_600_000, 600_000, 60_000];

/** The longest window of which stable's requests are known. */
export function trafficIn(measurements: ReadonlyMap<number, Measurement>): TrafficReading {
  let why = 'nobody measured';
  for (const [windowMs, measurement] of [...measurements].sort(([one], [other]) => other - one)) {
    if (measurement.kind === 'providerError') return { kind: 'unknown', why: measurement.why };
    const { stable, canary } = measurement;
    const requests = shareOf(stable, 'error-rate');
    if ('missing' in requests) {
      why = requests.missing;
      continue;
    }
    // Of a rollout that runs now, or of what it left.
    const others = shareOf(canary, 'error-rate');
    const total = requests.total + ('missing' in others ? 0 : others.total);
    return { kind: 'traffic', windowMs, stable, requestsPerSecond: total / (windowMs / 1000) };
  }
  return { kind: 'unknown', why };
}
