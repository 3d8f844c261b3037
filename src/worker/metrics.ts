import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Verdict } from '../domain/analysis/verdict.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { RolloutOutcome } from '../domain/rollout/state.ts';
import type { RolloutTelemetry } from '../ports/telemetry.ts';
import { alertResults, requestResults, type AlertResult, type RequestResult } from './alerts/results.ts';

/** Milliseconds between samples of the event loop's delay. */
const eventLoopSampleMs = 200;

interface Watched {
  readonly labels: { readonly cluster: string; readonly namespace: string; readonly rollout: string };
  readonly phase: number;
  readonly weightPercent: number;
}

/** The worker's own metrics; those of Temporal's SDK come from elsewhere (core-metrics.ts). */
export class RolloutMetrics implements RolloutTelemetry {
  readonly registry = new Registry();
  readonly #watched = new Set<Watched>();
  readonly #ended: Counter<'outcome' | 'reason'>;
  readonly #rollback: Histogram;
  readonly #verdicts: Counter<'metric' | 'outcome'>;
  readonly #failures: Counter<'activity' | 'type'>;
  readonly #alerts: Counter<'result'>;

  constructor() {
    const registers = [this.registry];
    this.#ended = new Counter({
      name: 'sluice_rollouts_total',
      help: 'Rollouts that ended, by outcome (promoted, rolledBack, failed) and first reason.',
      labelNames: ['outcome', 'reason'],
      registers,
    });
    this.#rollback = new Histogram({
      name: 'sluice_rollback_seconds',
      help: 'From the decision to roll back until the route had all traffic on stable.',
      buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers,
    });
    this.#verdicts = new Counter({
      name: 'sluice_verdicts_total',
      help: 'Verdicts of guards and gates, by metric and outcome (pass, fail, inconclusive).',
      labelNames: ['metric', 'outcome'],
      registers,
    });
    this.#failures = new Counter({
      name: 'sluice_activity_failures_total',
      help: 'Attempts of activities that failed, by failure type; most are tried again.',
      labelNames: ['activity', 'type'],
      registers,
    });
    this.#alerts = new Counter({
      name: 'sluice_alerts_total',
      help: 'Alerts by what came of them (aborted, held, ...); a request that is refused as a whole counts as one.',
      labelNames: ['result'],
      registers,
    });
    // From 0 on: the first one, too, is an increase.
    for (const result of [...alertResults, ...requestResults]) this.#alerts.inc({ result }, 0);
    this.#gauge('sluice_phase', 'Phase of the rollouts watched here, from 1.', (it) => it.phase);
    this.#gauge('sluice_weight_percent', 'Percent asked for their canaries.', (it) => it.weightPercent);
    // Every 10 ms, its default, an idle worker would spend more on measuring itself than on anything else.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: eventLoopSampleMs });
  }

  /**
   * A guard begins to watch a rollout here, at this weight.
   * @returns to be called when it ends: another worker may go on.
   */
  watching({ name, target, phases }: Plan, weightPercent: number): () => void {
    const labels = { cluster: target.cluster, namespace: target.namespace, rollout: name };
    // Weights rise from phase to phase: one phase has this weight.
    const phase = phases.findIndex((it) => it.weightPercent === weightPercent) + 1;
    const watched = { labels, phase, weightPercent };
    this.#watched.add(watched);
    return () => {
      this.#watched.delete(watched);
    };
  }

  judged(verdicts: readonly Verdict[]): void {
    for (const { metric, outcome } of verdicts) this.#verdicts.inc({ metric, outcome });
  }

  /** @param durationMs from the decision to roll back until the route had all traffic on stable. */
  trafficMovedBack(durationMs: number): void {
    this.#rollback.observe(durationMs / 1000);
  }

  ended({ status, reason }: RolloutOutcome): void {
    this.#ended.inc({ outcome: status, reason });
  }

  activityFailed(activity: string, type: string): void {
    this.#failures.inc({ activity, type });
  }

  alerted(result: AlertResult | RequestResult): void {
    this.#alerts.inc({ result });
  }

  #gauge(name: string, help: string, valueOf: (watched: Watched) => number): void {
    const present = this.#watched;
    new Gauge({
      name,
      help,
      labelNames: ['cluster', 'namespace', 'rollout'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const watched of present) this.set(watched.labels, valueOf(watched));
      },
    });
  }
}
