import type { Criterion, GuardPlan } from '../plan/plan.ts';
import { judgeErrorRate } from './error-rate.ts';
import type { Finding } from './finding.ts';
import type { Measurement } from './measurement.ts';
import { judgeP99Latency, type ComparedArms } from './p99-latency.ts';
import type { EvidenceGap, Verdict } from './verdict.ts';

/**
 * Holds one criterion against what was measured: the only place where counts become a verdict. It compares point
 * values, and asks for `minimumSamples` requests of the canary. Bounds are strict: the limit itself fails.
 *
 * Too few samples, no data and a provider that fails are inconclusive, each with its own gap; never pass, never zero.
 */
export function judgeCriterion(
  criterion: Criterion,
  minimumSamples: number,
  measurement: Measurement,
): Verdict {
  const { metric } = criterion;
  const limit = limitOf(criterion);
  const nothing = (gap: EvidenceGap, why: string): Verdict => {
    const reason = gap === 'noData' ? 'no data' : 'metrics provider failed';
    const sentence = `${words[metric]} not judged, ${reason}: ${why}`;
    return { metric, limit, outcome: 'inconclusive', gap, value: null, samples: 0, sentence };
  };
  if (measurement.kind !== 'measured') return nothing(measurement.kind, measurement.why);
  const { stable, canary } = measurement;
  if ('missing' in canary) return nothing('noData', canary.missing);
  return { metric, limit, ...find(criterion, minimumSamples, { stable, canary }) };
}

/** A guard's criterion: `fail` is a breach; `pass` says only that no breach was seen. */
export function judgeGuard(guard: GuardPlan, measurement: Measurement): Verdict {
  return judgeCriterion(guard.criterion, guard.minimumSamples, measurement);
}

const words = { 'error-rate': 'error rate', 'p99-latency': 'p99 latency' } as const satisfies Record<
  Criterion['metric'],
  string
>;

function limitOf(criterion: Criterion): number {
  return criterion.metric === 'error-rate' ? criterion.maxShare : criterion.maxRatio;
}

function find(criterion: Criterion, minimumSamples: number, arms: ComparedArms): Finding {
  switch (criterion.metric) {
    case 'error-rate':
      return judgeErrorRate(criterion.maxShare, minimumSamples, arms.canary);
    case 'p99-latency':
      return judgeP99Latency(criterion.maxRatio, minimumSamples, arms);
  }
}
