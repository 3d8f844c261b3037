import { judgeCriterion } from '../analysis/judge.ts';
import { judgeGuard, windowsOf } from '../analysis/judge-guard.ts';
import type { ArmMeasurement, Measurement } from '../analysis/measurement.ts';
import { gateStandard } from '../analysis/standards.ts';
import { notBreached, sustain, type SustainedState } from '../analysis/sustained.ts';
import type { Verdict } from '../analysis/verdict.ts';
import { isCounted } from '../metrics/metrics.ts';
import { metricsOf } from '../plan/metrics-of.ts';
import type { GatePlan, GuardPlan, Plan } from '../plan/plan.ts';
import { usual } from './behaviour.ts';
import { Counters } from './counters.ts';
import type { Random } from './random.ts';
import type { Scenario } from './scenario.ts';
import { isCountable } from './unplayed.ts';

/** Guards look less often the longer a weight lasts: each time when it has become longer by this part. */
const growth = 1 / 32;

export interface World {
  readonly plan: Plan;
  readonly scenario: Scenario;
  /** Of the whole service. */
  readonly requestsPerSecond: number;
  readonly random: Random;
}

/** The time that the canary has one weight: both arms' counters, and what the guards remember. */
export class AtWeight {
  readonly #world: World;
  readonly #weightPercent: number;
  /** Since the canary's first request, at any weight. */
  readonly #sinceMs: number;
  readonly #baseline: ArmMeasurement | null;
  readonly #stable: Counters;
  readonly #canary: Counters;
  readonly #guards: readonly GuardPlan[];
  #elapsedMs = 0;
  #sustained: readonly SustainedState[];
  #verdicts: readonly Verdict[] = [];

  /** @param baseline what stable did before, for a canary that has all the traffic; null where nobody knows. */
  constructor(world: World, weightPercent: number, sinceMs: number, baseline: ArmMeasurement | null) {
    const { plan, random } = world;
    this.#world = world;
    this.#weightPercent = weightPercent;
    this.#sinceMs = sinceMs;
    this.#baseline = weightPercent < 100 ? null : baseline;
    const counted = metricsOf(plan).filter(isCounted);
    this.#stable = new Counters(counted, random);
    this.#canary = new Counters(counted, random);
    this.#guards = plan.guards.filter((it) => isCountable(it.criterion));
    this.#sustained = this.#guards.map(() => notBreached);
  }

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Stable over this last part of the time. */
  stableOver(windowMs: number): ArmMeasurement {
    return this.#stable.over(Math.min(windowMs, this.#elapsedMs));
  }

  get canary(): { readonly requests: number; readonly failed: number } {
    return this.#canary;
  }

  /** Goes on to the guards' next look, or to `untilMs` when that comes first. @returns a breach, or null. */
  look(untilMs: number): Verdict | null {
    const { plan } = this.#world;
    const beforeMs = this.#verdicts.length === 0 ? null : this.#elapsedMs;
    this.#advance(
      Math.min(untilMs, this.#elapsedMs + Math.max(plan.guardIntervalMs, this.#elapsedMs * growth)),
    );
    const looks = this.#guards.map((guard, index) => {
      const time = { elapsedMs: this.#elapsedMs, beforeMs, before: this.#verdicts[index] ?? null };
      const windows = windowsOf(plan, guard, time);
      const measurements = new Map(windows.map((windowMs) => [windowMs, this.#over(windowMs)]));
      const verdict = judgeGuard(plan, guard, { ...time, measurements });
      const { outcome } = verdict;
      const { sustainedForMs } = guard;
      const before = this.#sustained[index] ?? notBreached;
      return { verdict, ...sustain(before, { outcome, nowMs: this.#elapsedMs, sustainedForMs }) };
    });
    this.#verdicts = looks.map((it) => it.verdict);
    this.#sustained = looks.map((it) => it.state);
    return looks.find((it) => it.breach)?.verdict ?? null;
  }

  /** @param gates of what can be counted. */
  judge(gates: readonly GatePlan[], look: 'planned' | 'again'): Verdict[] {
    const { plan } = this.#world;
    const all = this.#over(this.#elapsedMs);
    return gates.map((gate) => judgeCriterion(gate.criterion, gateStandard(plan, gate, look), all));
  }

  #advance(toMs: number): void {
    const { scenario, requestsPerSecond } = this.#world;
    const sent = scenario.traffic ? (requestsPerSecond * toMs) / 1000 : 0;
    const toCanary = Math.floor((sent * this.#weightPercent) / 100);
    const middleMs = this.#sinceMs + (this.#elapsedMs + toMs) / 2;
    this.#canary.advance(toMs, toCanary, scenario.canary(middleMs));
    this.#stable.advance(toMs, Math.floor(sent) - toCanary, usual);
    this.#elapsedMs = toMs;
  }

  #over(windowMs: number): Measurement {
    const stable = this.#baseline ?? this.#stable.over(windowMs);
    return { kind: 'measured', stable, canary: this.#canary.over(windowMs) };
  }
}
