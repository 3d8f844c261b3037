import { limitText, nameOf } from '../../domain/analysis/wording.ts';
import type { Verdict } from '../../domain/analysis/verdict.ts';
import { isCounted } from '../../domain/metrics/metrics.ts';
import { metricOf } from '../../domain/plan/metric-of.ts';
import type { Criterion, GatePlan, GuardPlan } from '../../domain/plan/plan.ts';
import type { Paint } from './paint.ts';
import { span } from '../../domain/rollout/span.ts';
import { count, oneLine } from './words.ts';

/** `error-rate < 0.1 %`, `e2e-latency p99 < 2 x stable` */
function criterionText(criterion: Criterion): string {
  return `${nameOf(criterion)} ${limitText(criterion)}`;
}

/** `no breach: error-rate < 0.1 %, e2e-latency p99 < 2 x stable`; `-` for none. */
export function gatesText(gates: readonly GatePlan[]): string {
  const kinds = [...new Set(gates.map((it) => it.evidence))];
  const texts = kinds.map((kind) => {
    const some = gates.filter((it) => it.evidence === kind);
    return `${howSure[kind]}: ${some.map((it) => criterionText(it.criterion)).join(', ')}`;
  });
  return texts.join('; ') || '-';
}

const howSure = { proven: 'proven', noBreach: 'no breach', estimate: 'estimate' } as const;

/** `error-rate < 1 %, proven`; `error-rate < 1 %, over 1 min, from 50 requests, for 30 s`; `custom/quality > 0.8, over 1 min` */
export function guardText(guard: GuardPlan): string {
  const { criterion, evidence, windowMs, minimumSamples, sustainedForMs } = guard;
  const parts = [criterionText(criterion)];
  if (evidence === 'proven') parts.push('proven');
  else parts.push(`over ${span(windowMs)}`);
  if (evidence !== 'proven' && isCounted(metricOf(criterion)))
    parts.push(`from ${count(minimumSamples, 'request')}`);
  if (sustainedForMs > 0) parts.push(`for ${span(sustainedForMs)}`);
  return parts.join(', ');
}

/** `pass          error-rate   0.05 % of 1200 requests failed` */
export function verdictCells({ outcome, metric, sentence }: Verdict, paint: Paint): readonly string[] {
  const paints = { pass: paint.good, fail: paint.bad, inconclusive: paint.warn };
  return [paints[outcome](outcome), metric, oneLine(sentence)];
}
