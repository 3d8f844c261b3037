import { isShare, isTime, isValue } from '../metrics/metrics.ts';
import { boundOf, type Bound } from '../plan/limit.ts';
import { metricOf } from '../plan/metric-of.ts';
import type { Criterion } from '../plan/plan.ts';
import { agesTold } from './arm-ages.ts';
import { estimateArm, type ArmEstimate, type Doubt } from './arm-estimate.ts';
import { differenceOf, ratioOf, type Comparison } from './comparison.ts';
import { decide } from './decide.ts';
import type { KnownEstimate, NoEstimate } from './finding.ts';
import type { Measurement } from './measurement.ts';
import type { Standard } from './standard.ts';
import type { EvidenceGap, Verdict } from './verdict.ts';
import { countedIn, nameOf, times, wordsOf, writtenIn } from './wording.ts';

type Arms = Pick<Extract<Measurement, { kind: 'measured' }>, 'stable' | 'canary'>;

/**
 * Holds one criterion against what was measured. Bounds are strict: the limit itself fails.
 *
 * Too few samples, no data and a provider that fails are inconclusive, each with its own gap; never pass, never zero.
 */
export function judgeCriterion(criterion: Criterion, standard: Standard, measurement: Measurement): Verdict {
  const metric = nameOf(criterion);
  const bound = boundOf(criterion);
  const { limit } = bound;
  const arms = armsFor(criterion, measurement);
  if ('why' in arms) {
    const sentence = `${wordsOf(criterion)} not judged${failed(arms.why)}`;
    return unknown(criterion, { gap: 'providerError', sentence, samples: 0 });
  }
  const estimate = estimateCriterion(criterion, standard, arms);
  if (estimate.gap !== null) return unknown(criterion, estimate);
  const { sentence, outcome, ...rest } = decide(estimate, bound, standard);
  const ages = measurement.kind === 'measured' ? measurement.ages : undefined;
  const told =
    ages !== undefined && bound.of !== 'value' && isTime(metricOf(criterion)) ? agesTold(ages) : '';
  return { sentence: `${sentence}${told}`, outcome, metric, limit, ...rest };
}

/** What is said of a criterion while an LLM judge asks both arms, and its requests are counted with the users'. */
export function whileJudgeAsks(criterion: Criterion): Verdict {
  const sentence = `${wordsOf(criterion)} not judged: vLLM counts the LLM judge's requests, too, and it asks or has just asked`;
  return unknown(criterion, { gap: 'judgeAsks', sentence, samples: 0 });
}

function unknown(criterion: Criterion, { gap, sentence, samples }: NoEstimate): Verdict {
  const rest = { limit: boundOf(criterion).limit, gap, value: null, interval: null, samples };
  return { sentence, outcome: 'inconclusive', metric: nameOf(criterion), ...rest };
}

/** Counts that are away say nothing about values that others told. */
function armsFor(criterion: Criterion, measurement: Measurement): Arms | { readonly why: string } {
  if (measurement.kind === 'measured') return measurement;
  const { why, values } = measurement;
  return isValue(metricOf(criterion)) && values !== undefined ? values : { why };
}

function failed(why: string): string {
  return `, metrics provider failed: ${why}`;
}

function estimateCriterion(criterion: Criterion, standard: Standard, arms: Arms): KnownEstimate | NoEstimate {
  const words = wordsOf(criterion);
  const metric = metricOf(criterion);
  const { of, side, limit } = boundOf(criterion);
  const counted = countedIn(metric);
  const nothing = (gap: EvidenceGap, why: string, samples = 0): NoEstimate => {
    return { gap, samples, sentence: `${words} not judged${why}` };
  };
  const doubt = doubtOf(standard, side, of === 'value' ? 1 : 1 / 2);
  const canary = estimateArm(criterion, arms.canary, doubt);
  if (canary === null)
    return nothing('tooFewSamples', counted === 'ratings' ? ': nobody has rated' : ': no request has ended');
  if ('missing' in canary) return nothing('noData', `, no data: ${canary.missing}`);
  if ('failed' in canary) return nothing('providerError', failed(canary.failed));
  const { samples } = canary;
  const written = writtenIn(metric, of);
  const said = `${words} ${saidOf(criterion, canary, of === 'value' ? limit : undefined)}`;
  if (of === 'value') {
    const known = canary.beyondBuckets ? 'at least' : 'exactly';
    const { value, interval } = canary;
    return { gap: null, value, interval, known, samples, counted, said, written };
  }

  const stable = estimateArm(criterion, arms.stable, mirrored(doubt));
  const incomparable = (why: string) =>
    nothing('armsNotComparable', ` against stable: ${said}, ${why}`, samples);
  if (stable !== null && 'failed' in stable)
    return nothing('providerError', ` against stable${failed(stable.failed)}`);
  if (stable !== null && 'missing' in stable) return incomparable(`and nothing of stable: ${stable.missing}`);
  const needed = Math.max(1, standard.minimumSamples);
  if (stable === null || (counted !== null && stable.samples < needed))
    return incomparable(
      `but only ${stable?.samples ?? 0} ${counted} of stable were counted, ${needed} are needed`,
    );
  // The difference to a value of 0 is one; a size or price of 0 is none.
  const isComparable = isShare(metric) || stable.value > 0 || (isValue(metric) && of === 'difference');
  if (!isComparable) return incomparable(`but stable's is ${writtenIn(metric, 'value')(stable.value)}`);
  const compared = of === 'ratio' ? ratioOf(canary, stable) : differenceOf(canary, stable);
  const beside = `${saidComparison(criterion, compared)}stable's ${saidOf(criterion, stable)}`;
  return { gap: null, ...compared, samples, counted, said: `${said}, ${beside}`, written };
}

/** The end of the interval that says "broken" may be wrong as often as a fail may be, the other as often as a pass. */
function doubtOf({ looking, alpha }: Standard, side: Bound['side'], share: number): Doubt {
  const doubt = { looking, alpha: { low: alpha.fail * share, high: alpha.pass * share } };
  return side === 'below' ? doubt : mirrored(doubt);
}

/** That the canary's value is high and that stable's is low speak for the same. */
function mirrored({ looking, alpha }: Doubt): Doubt {
  return { looking, alpha: { low: alpha.high, high: alpha.low } };
}

/** `2.2 % of 412 requests`, `180 ms`, `over 180 ms (beyond the last bucket)` */
function saidOf(
  criterion: Criterion,
  { value, samples, beyondBuckets }: ArmEstimate,
  beside?: number,
): string {
  const metric = metricOf(criterion);
  const written = writtenIn(metric, 'value')(value, beside);
  if (isShare(metric)) return `${written} of ${samples} ${countedIn(metric)}`;
  return beyondBuckets ? `over ${written} (beyond the last bucket)` : written;
}

/** `3.4 x `, `0.5 % more than `; nothing where the number says nothing. */
function saidComparison(criterion: Criterion, { value, known }: Comparison): string {
  if (known === 'not at all' || !Number.isFinite(value)) return '';
  const bound = known === 'exactly' ? '' : `${known} `;
  const { of, limit } = boundOf(criterion);
  if (of === 'ratio') return `${bound}${times(value, limit)} `;
  const written = writtenIn(metricOf(criterion), of)(Math.abs(value), Math.abs(limit));
  return `${bound}${written} ${value < 0 ? 'less' : 'more'} than `;
}
