import type { Criterion } from '../plan/plan.ts';
import { decide } from './decide.ts';
import { estimateErrorRate } from './error-rate.ts';
import type { Estimate } from './finding.ts';
import type { Measurement } from './measurement.ts';
import { estimateP99Latency, type ComparedArms } from './p99-latency.ts';
import type { Standard } from './standard.ts';
import type { EvidenceGap, Verdict } from './verdict.ts';

/**
 * Holds one criterion against what was measured. Bounds are strict: the limit itself fails.
 *
 * Too few samples, no data and a provider that fails are inconclusive, each with its own gap; never pass, never zero.
 */
export function judgeCriterion(criterion: Criterion, standard: Standard, measurement: Measurement): Verdict {
  const { metric } = criterion;
  const limit = limitOf(criterion);
  const nothing = (gap: EvidenceGap, sentence: string, samples = 0): Verdict => {
    return { sentence, outcome: 'inconclusive', metric, limit, gap, value: null, interval: null, samples };
  };
  if (measurement.kind !== 'measured') {
    const reason = measurement.kind === 'noData' ? 'no data' : 'metrics provider failed';
    return nothing(measurement.kind, `${words[metric]} not judged, ${reason}: ${measurement.why}`);
  }
  const { stable, canary } = measurement;
  if ('missing' in canary)
    return nothing('noData', `${words[metric]} not judged, no data: ${canary.missing}`);
  const estimate = estimateOf(criterion, standard, { stable, canary });
  if (estimate.gap !== null) return nothing(estimate.gap, estimate.sentence, estimate.samples);
  const { sentence, outcome, ...rest } = decide(estimate, limit, standard);
  return { sentence, outcome, metric, limit, ...rest };
}

const words = { 'error-rate': 'error rate', 'p99-latency': 'p99 latency' } as const satisfies Record<
  Criterion['metric'],
  string
>;

function limitOf(criterion: Criterion): number {
  return criterion.metric === 'error-rate' ? criterion.maxShare : criterion.maxRatio;
}

function estimateOf(criterion: Criterion, standard: Standard, arms: ComparedArms): Estimate {
  switch (criterion.metric) {
    case 'error-rate':
      return estimateErrorRate(arms.canary, standard, criterion.maxShare);
    case 'p99-latency':
      return estimateP99Latency(arms, standard, criterion.maxRatio);
  }
}
