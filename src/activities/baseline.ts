import { valueOf, type ArmMeasurement, type Measurement } from '../domain/analysis/measurement.ts';
import { metricsOf } from '../domain/plan/metrics-of.ts';
import { isValue } from '../domain/metrics/metrics.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { trafficIn, trafficWindowsMs } from '../domain/prospects/traffic.ts';
import type { Ports } from './deps.ts';

/** Measurements by window. */
type Measurements = ReadonlyMap<number, Measurement>;

/**
 * What the canary is compared with. As long as stable has traffic, that is stable over the same window; at 100 % it is stable
 * as it was in the hour before: then there is nothing else, and a canary must not slow down unseen for a day.
 */
export class Baseline {
  readonly #read: (signal: AbortSignal) => Promise<ArmMeasurement | null>;
  readonly #weightPercent: number;
  readonly #plan: Plan;
  #stable: ArmMeasurement | null = null;

  /** @param sinceMs when the canary got this weight. */
  constructor(
    { metrics }: Pick<Ports, 'metrics'>,
    plan: Plan,
    { weightPercent, sinceMs }: { readonly weightPercent: number; readonly sinceMs: number },
  ) {
    this.#weightPercent = weightPercent;
    this.#plan = plan;
    this.#read = async (signal) => {
      const asked = { names: metricsOf(plan), windowsMs: trafficWindowsMs, atMs: sinceMs };
      const reading = trafficIn(await metrics.measure(plan.metrics, plan.target, asked, signal));
      return reading.kind === 'traffic' ? reading.stable : null;
    };
  }

  /** The same measurements with what the canary is to be compared with; as they are when nobody knows that. */
  async beside(measurements: Measurements, signal: AbortSignal): Promise<Measurements> {
    if (this.#weightPercent < 100) return measurements;
    const stable = (this.#stable ??= await this.#read(signal));
    if (stable === null) return measurements;
    const besideIt = (it: Measurement): Measurement =>
      it.kind === 'measured' ? { ...it, stable: { ...stable, ...this.#stillTold(stable, it.stable) } } : it;
    return new Map([...measurements].map(([windowMs, it]) => [windowMs, besideIt(it)]));
  }

  /** Values that nobody can tell of earlier: they need no traffic, so that stable still has them. */
  #stillTold(before: ArmMeasurement, now: ArmMeasurement): ArmMeasurement {
    const lacking = metricsOf(this.#plan)
      .filter(isValue)
      .filter((it) => !('value' in valueOf(before, it)));
    return Object.fromEntries(lacking.map((it) => [it, valueOf(now, it)]));
  }
}
