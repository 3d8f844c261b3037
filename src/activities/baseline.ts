import { valueOf, type ArmMeasurement, type Measurement } from '../domain/analysis/measurement.ts';
import { countsOwnRequests } from '../domain/judge/own-requests.ts';
import { isValue, type MetricName } from '../domain/metrics/metrics.ts';
import { metricsOf } from '../domain/plan/metrics-of.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { trafficIn, trafficWindowsMs } from '../domain/prospects/traffic.ts';
import type { Ports } from './deps.ts';

/** Measurements by window. */
type Measurements = ReadonlyMap<number, Measurement>;

export interface BaselineOptions {
  readonly weightPercent: number;
  /** When the canary got this weight. */
  readonly sinceMs: number;
  /** When the rollout began. */
  readonly startedAtMs: number;
}

/**
 * What the canary is compared with. As long as stable has traffic, that is stable over the same window; at 100 % it is stable
 * as it was in the hour before: then there is nothing else, and a canary must not slow down unseen for a day. Where an LLM
 * judge's requests are among what was counted, it is the hour before the rollout.
 */
export class Baseline {
  readonly #metrics: Ports['metrics'];
  readonly #plan: Plan;
  readonly #options: BaselineOptions;
  /** Of what the judge has disturbed. */
  readonly #disturbed: readonly MetricName[];
  #lately: ArmMeasurement | null = null;
  #undisturbed: ArmMeasurement | null = null;

  constructor({ metrics }: Pick<Ports, 'metrics'>, plan: Plan, options: BaselineOptions) {
    this.#metrics = metrics;
    this.#plan = plan;
    this.#options = options;
    this.#disturbed =
      plan.judge === null ? [] : metricsOf(plan).filter((it) => countsOwnRequests(it, plan.metrics));
  }

  /** The same measurements with what the canary is to be compared with; as they are when nobody knows that. */
  async beside(measurements: Measurements, signal: AbortSignal): Promise<Measurements> {
    const { weightPercent, sinceMs, startedAtMs } = this.#options;
    if (weightPercent < 100) return measurements;
    const lately = (this.#lately ??= await this.#stableAt(sinceMs, signal));
    if (lately === null) return measurements;
    if (this.#disturbed.length > 0) this.#undisturbed ??= await this.#stableAt(startedAtMs, signal);
    const undisturbed = Object.fromEntries(this.#disturbed.map((it) => [it, this.#undisturbed?.[it]]));
    const stable = { ...lately, ...undisturbed };
    const besideIt = (it: Measurement): Measurement =>
      it.kind === 'measured' ? { ...it, stable: { ...stable, ...this.#stillTold(stable, it.stable) } } : it;
    return new Map([...measurements].map(([windowMs, it]) => [windowMs, besideIt(it)]));
  }

  async #stableAt(atMs: number, signal: AbortSignal): Promise<ArmMeasurement | null> {
    const { metrics, target } = this.#plan;
    const asked = { names: metricsOf(this.#plan), windowsMs: trafficWindowsMs, atMs };
    const reading = trafficIn(await this.#metrics.measure(metrics, target, asked, signal));
    return reading.kind === 'traffic' ? reading.stable : null;
  }

  /** Values that nobody can tell of earlier: they need no traffic, so that stable still has them. */
  #stillTold(before: ArmMeasurement, now: ArmMeasurement): ArmMeasurement {
    const lacking = metricsOf(this.#plan)
      .filter(isValue)
      .filter((it) => !('value' in valueOf(before, it)));
    return Object.fromEntries(lacking.map((it) => [it, valueOf(now, it)]));
  }
}
