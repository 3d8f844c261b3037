import { describe, expect, test } from '@jest/globals';
import type { FeedbackPlan, MetricsPlan } from '../../../src/domain/plan/metrics-plan.ts';
import { checkPlan } from '../../../src/domain/plan/rules.ts';
import { metricsPlan, quickPlan } from '../../support/plans.ts';

const feedback: FeedbackPlan = {
  positive: { name: 'chat_feedback_total', labels: { vote: 'up' } },
  negative: { name: 'chat_feedback_total', labels: { vote: 'down' } },
  arms: { label: 'version', stable: 'v1', canary: 'v2' },
};
const tokens = { by: 'tokens', inputPerMillion: 0, outputPerMillion: 1 } as const;
const capacity = { by: 'capacity', gpusPerPod: 1, perGpuHour: 2, outputTokensPerSecond: 1000 } as const;

/** `rule path` of each problem. */
function problems(metrics: Partial<MetricsPlan>): string[] {
  const plan = quickPlan({ metrics: metricsPlan(metrics) });
  return checkPlan(plan).problems.map((it) => `${it.rule} ${it.path.join('.')}`);
}

describe('prices', () => {
  test('free prompts, prices by capacity and GPUs of the table are good', () => {
    expect(problems({ cost: { stable: tokens, canary: { ...capacity, perGpuHour: 'H100-SXM' } } })).toEqual(
      [],
    );
  });

  test('free answers, no GPU and no tokens are not', () => {
    const stable = { ...tokens, outputPerMillion: 0 };
    const canary = { ...capacity, gpusPerPod: 0, perGpuHour: -1, outputTokensPerSecond: 0 };
    expect(problems({ cost: { stable, canary } })).toEqual([
      'pricesInRange metrics.cost.stable.outputPerMillion',
      'pricesInRange metrics.cost.canary.gpusPerPod',
      'pricesInRange metrics.cost.canary.perGpuHour',
      'pricesInRange metrics.cost.canary.outputTokensPerSecond',
    ]);
  });

  test('what the canary has of stable is complained of once', () => {
    const stable = { ...tokens, inputPerMillion: -1 };
    expect(problems({ cost: { stable, canary: stable } })).toEqual([
      'pricesInRange metrics.cost.stable.inputPerMillion',
    ]);
  });
});

test('vLLM’s series have a name’s beginning, and a label that differs', () => {
  const arms = { label: 'hash', stable: 'a', canary: 'b' };
  expect(problems({ engine: { prefix: 'kserve_vllm:', arms } })).toEqual([]);
  expect(problems({ engine: { prefix: 'a"} or', arms: { ...arms, canary: 'a' } } })).toEqual([
    'engineIsSelectable metrics.engine.prefix',
    'engineIsSelectable metrics.engine.arms.canary',
  ]);
});

describe('feedback', () => {
  test('of one counter with two values of a label is good', () => {
    expect(problems({ feedback })).toEqual([]);
  });

  test('names that PromQL would take for something else are not', () => {
    const positive = { name: 'a"} or up{', labels: { 'x=~"': 'y' } };
    const arms = { label: 'the version', stable: 'v1', canary: 'v2' };
    expect(problems({ feedback: { ...feedback, positive, arms } })).toEqual([
      'feedbackIsSelectable metrics.feedback.positive.name',
      'feedbackIsSelectable metrics.feedback.positive.labels.x=~"',
      'feedbackIsSelectable metrics.feedback.arms.label',
    ]);
  });

  test('one value for both arms tells nobody anything', () => {
    const arms = { label: 'version', stable: 'v1', canary: 'v1' };
    expect(problems({ feedback: { ...feedback, arms } })).toEqual([
      'feedbackIsSelectable metrics.feedback.arms.canary',
    ]);
  });

  test('user satisfaction is asked of somebody', () => {
    const [guard] = quickPlan().guards;
    if (guard === undefined) throw new Error('the built-in plan has guards');
    const guards = [{ ...guard, criterion: { metric: 'user-satisfaction', minDifference: -0.02 } as const }];
    const ofPlan = (metrics: MetricsPlan) => checkPlan(quickPlan({ guards, metrics })).problems;
    expect(ofPlan(metricsPlan()).map((it) => `${it.rule} ${it.path.join('.')}`)).toEqual([
      'satisfactionIsCounted guards.0.criterion.metric',
    ]);
    expect(ofPlan(metricsPlan({ feedback }))).toEqual([]);
  });
});
