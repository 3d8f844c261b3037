import type { ArmCost, ArmLabel } from '../metrics-plan.ts';
import type { Plan } from '../plan.ts';
import type { Finding, PlanPath } from './rule.ts';
import { formats, isIn, ranges } from './values.ts';

/** vLLM counts by class alone. */
export function* sourceTellsStatuses({ metrics }: Plan): Iterable<Finding> {
  if (metrics.source !== 'vllm') return;
  for (const [index, status] of metrics.failing.entries()) {
    if (status.endsWith('xx')) continue;
    const allowed = '4xx or 5xx: vLLM does not tell single statuses apart';
    yield { path: ['metrics', 'failing', index], allowed, comparedWith: ['metrics', 'source'] };
  }
}

export function* pricesInRange({ metrics: { cost } }: Plan): Iterable<Finding> {
  yield* armPrices(['metrics', 'cost', 'stable'], cost.stable);
  // What the file does not say of the canary is said of stable.
  if (cost.canary !== cost.stable) yield* armPrices(['metrics', 'cost', 'canary'], cost.canary);
}

function* armPrices(path: PlanPath, cost: ArmCost): Iterable<Finding> {
  const numbers =
    cost.by === 'tokens'
      ? ([
          ['inputPerMillion', cost.inputPerMillion, ranges.inputPrice],
          ['outputPerMillion', cost.outputPerMillion, ranges.maxCost],
        ] as const)
      : ([
          ['gpusPerPod', cost.gpusPerPod, ranges.gpusPerPod],
          ['perGpuHour', cost.perGpuHour, ranges.maxCost],
          ['outputTokensPerSecond', cost.outputTokensPerSecond, ranges.tokensPerSecond],
        ] as const);
  for (const [name, value, range] of numbers) {
    if (typeof value === 'number' && !isIn(range, value))
      yield { path: [...path, name], allowed: range.text };
  }
}

/** They become part of a query. */
export function* feedbackIsSelectable({ metrics: { feedback } }: Plan): Iterable<Finding> {
  if (feedback === null) return;
  const { labelName, metricName } = formats;
  const at: PlanPath = ['metrics', 'feedback'];
  for (const which of ['positive', 'negative'] as const) {
    const { name, labels } = feedback[which];
    if (!metricName.pattern.test(name)) yield { path: [...at, which, 'name'], allowed: metricName.text };
    for (const label of Object.keys(labels)) {
      if (!labelName.pattern.test(label))
        yield { path: [...at, which, 'labels', label], allowed: labelName.text };
    }
  }
  yield* armsAreTold([...at, 'arms'], feedback.arms);
}

export function* engineIsSelectable({ metrics: { engine } }: Plan): Iterable<Finding> {
  const { prefix, arms } = engine;
  const at: PlanPath = ['metrics', 'engine'];
  const { metricPrefix } = formats;
  if (!metricPrefix.pattern.test(prefix)) yield { path: [...at, 'prefix'], allowed: metricPrefix.text };
  if (arms !== null) yield* armsAreTold([...at, 'arms'], arms);
}

function* armsAreTold(at: PlanPath, { label, stable, canary }: ArmLabel): Iterable<Finding> {
  const { labelName } = formats;
  if (!labelName.pattern.test(label)) yield { path: [...at, 'label'], allowed: labelName.text };
  if (stable !== canary) return;
  const allowed = 'another value than stable’s, or nobody can tell the arms apart';
  yield { path: [...at, 'canary'], allowed, comparedWith: [...at, 'stable'] };
}

export function* satisfactionIsCounted({ guards, phases, metrics }: Plan): Iterable<Finding> {
  if (metrics.feedback !== null) return;
  const asked: (readonly [PlanPath, { readonly metric: string }])[] = [
    ...guards.map((it, index) => [['guards', index], it.criterion] as const),
    ...phases.flatMap(({ gates }, phase) =>
      gates.map((it, index) => [['phases', phase, 'gates', index], it.criterion] as const),
    ),
  ];
  for (const [path, { metric }] of asked) {
    if (metric !== 'user-satisfaction') continue;
    const allowed = 'another metric, unless metrics.feedback says where users’ feedback is counted';
    yield { path: [...path, 'criterion', 'metric'], allowed };
  }
}
