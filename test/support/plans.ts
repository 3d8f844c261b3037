import { planDefaults } from '../../src/domain/plan/defaults.ts';
import { judgeDefaults } from '../../src/domain/plan/judge-defaults.ts';
import type { JudgePlan } from '../../src/domain/plan/judge-plan.ts';
import type { MetricsPlan } from '../../src/domain/plan/metrics-plan.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';

/** Where a plan's numbers come from; by default, but for what a test says. */
export function metricsPlan(
  changes: Partial<Omit<MetricsPlan, 'prometheus'>> & { readonly url?: string } = {},
): MetricsPlan {
  const { url = 'http://127.0.0.1:9090', ...others } = changes;
  return { prometheus: { url }, ...planDefaults.metrics, ...others };
}

/** A plan with bakes of milliseconds; everything else as by default. */
export function quickPlan(changes: Partial<Plan> = {}): Plan {
  return {
    ...planDefaults,
    name: 'llama',
    target: {
      cluster: 'default',
      namespace: 'llm',
      workload: { kind: 'Deployment', name: 'vllm' },
      service: { name: 'vllm', port: 8000 },
      router: { kind: 'HTTPRoute', name: 'llm' },
    },
    release: { version: 'v2', patch: { spec: { containers: [{ name: 'vllm', image: 'example/vllm:v2' }] } } },
    phases: planDefaults.phases.map((phase) => ({ ...phase, bakeMs: Math.min(phase.bakeMs, 50) })),
    keepOldMs: 50,
    metrics: metricsPlan(),
    ...changes,
  };
}

/** The default plan as it is, with its real durations. */
export function defaultPlan(changes: Partial<Plan> = {}): Plan {
  return quickPlan({ phases: planDefaults.phases, keepOldMs: planDefaults.keepOldMs, ...changes });
}

/** A judge at every phase of the default plan below 100 %; by default, but for what a test says. */
export function judgePlan(changes: Partial<JudgePlan> = {}): JudgePlan {
  return {
    ...judgeDefaults,
    image: 'example/judge:1',
    atWeights: [1, 10, 50],
    prompts: { configMap: { name: 'prompts', key: 'prompts.jsonl' } },
    endpoint: { url: 'http://judge.llm:8000', model: 'judge-1', apiKey: null },
    ...changes,
  };
}
