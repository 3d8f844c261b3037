import { estimateArm } from '../analysis/arm-estimate.ts';
import type { Measurement } from '../analysis/measurement.ts';
import { nameOf } from '../analysis/wording.ts';
import { criteriaOf } from '../plan/criteria-of.ts';
import type { Criterion, Plan } from '../plan/plan.ts';
import { onceLooked } from '../statistics/looking.ts';
import type { Sample, Stretch } from './stretches.ts';

/** What one arm did in one window. */
export interface ArmPoint {
  /** In the metric's unit. */
  readonly value: number;
  /** 95 % of such intervals hold the true value; `high` is null where nobody knows. */
  readonly low: number;
  readonly high: number | null;
  /** 0 of a value, which nobody counted: it has no interval but itself. */
  readonly samples: number;
}

/** Both arms over the same window, in the middle of which `atMs` is; null where nothing was counted. */
export interface SeriesPoint {
  readonly atMs: number;
  readonly stable: ArmPoint | null;
  readonly canary: ArmPoint | null;
}

/** How a metric went, both arms beside each other. */
export interface MetricSeries {
  /** As verdicts name it: `e2e-latency p99`. */
  readonly name: string;
  readonly points: readonly SeriesPoint[];
}

/** What a report shows: when; of what, the plan says. */
export interface SeriesQuestion {
  readonly plan: Plan;
  readonly stretches: readonly Stretch[];
}

export type SeriesReading =
  | { readonly kind: 'series'; readonly series: readonly MetricSeries[] }
  /** For people: nobody can tell any more. */
  | { readonly kind: 'unknown'; readonly why: string };

/** One alpha for each side of 95 %. */
const alpha = { low: 0.025, high: 0.025 };

/** The criteria of a plan that differ in what they measure: limits aside. */
export function measuredCriteria(plan: Pick<Plan, 'guards' | 'phases'>): Criterion[] {
  return [...new Map(criteriaOf(plan).map((it) => [nameOf(it), it])).values()];
}

/** One series a criterion, from what was measured at each sample; samples without a measurement are left out. */
export function seriesOf(
  criteria: readonly Criterion[],
  measured: readonly (Sample & { readonly measurement: Measurement })[],
): MetricSeries[] {
  return criteria.map((criterion) => ({
    name: nameOf(criterion),
    points: measured.flatMap(({ atMs, windowMs, measurement }) =>
      measurement.kind === 'measured'
        ? [
            {
              atMs: Math.round(atMs - windowMs / 2),
              stable: pointOf(criterion, measurement.stable),
              canary: pointOf(criterion, measurement.canary),
            },
          ]
        : [],
    ),
  }));
}

type Arm = Extract<Measurement, { kind: 'measured' }>['canary'];

function pointOf(criterion: Criterion, arm: Arm): ArmPoint | null {
  const found = estimateArm(criterion, arm, { looking: onceLooked, alpha });
  if (found === null || !('value' in found)) return null;
  const { value, interval, samples } = found;
  return { value, low: interval.low, high: interval.high, samples };
}
