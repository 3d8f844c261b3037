import { describe, expect, test } from '@jest/globals';
import { defaultGates } from '../../src/domain/plan/defaults.ts';
import { countedNames } from '../../src/domain/metrics/metrics.ts';
import { usualLimits } from '../../src/domain/metrics/usual-limits.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { parsePlan } from '../../src/plan-file/read.ts';
import { complaints, fileText } from './text.ts';

function planOf(...added: string[]): Plan {
  const answer = parsePlan(fileText({ added }), 'rollout.yaml');
  if (answer.kind === 'ok') return answer.plan;
  throw new Error(JSON.stringify(answer.problems));
}

describe('everything of a plan can be set', () => {
  test('away from its default', () => {
    const plan = planOf(
      '  phases:',
      '    - {weight: 0.1, bake: 90s, requireApproval: true, gates: [{metric: e2e-latency, maxRatio: 1.5, minimumSamples: 7}]}',
      '    - {weight: 100, bake: 0s}',
      '  guards: [{metric: error-rate, max: 0.7 %, minimumSamples: 9, sustainedFor: 30s, window: 2m}]',
      '  guardInterval: 500ms',
      '  keepOld: 0s',
      '  finish: adopt',
      '  capacity: {replicas: [1, 4]}',
      '  warmUp: {requestsPerPod: 0, path: /health}',
      '  hold: {limit: 1h30m, then: keepHolding}',
      '  deadlines: {canaryReady: 2h, routeAccepted: 10s, drain: 0s}',
      '  checklist: ["Evaluation passed?", "Ist die Bereitschaft informiert?"]',
      '  onForeignChange: rollBack',
      '  onUnprovable: refuse',
      '  headerRule: {name: x-canary, value: "yes"}',
      '  notifications: [{url: "https://hooks.example/sluice?to=team"}]',
    );
    expect(plan).toMatchObject({
      phases: [
        {
          weightPercent: 0.1,
          bakeMs: 90_000,
          requireApproval: true,
          gates: [{ criterion: { metric: 'e2e-latency', quantile: 0.99, maxRatio: 1.5 }, minimumSamples: 7 }],
        },
        { weightPercent: 100, bakeMs: 0, requireApproval: false, gates: [] },
      ],
      guards: [
        {
          criterion: { metric: 'error-rate', max: 0.007 },
          minimumSamples: 9,
          sustainedForMs: 30_000,
          windowMs: 120_000,
        },
      ],
      checklist: ['Evaluation passed?', 'Ist die Bereitschaft informiert?'],
      guardIntervalMs: 500,
      keepOldMs: 0,
      finish: 'adopt',
      capacity: { replicas: [1, 4] },
      warmUp: { requestsPerPod: 0, path: '/health' },
      hold: { limitMs: 5_400_000, then: 'keepHolding' },
      deadlines: { canaryReadyMs: 7_200_000, routeAcceptedMs: 10_000, drainMs: 0 },
      onForeignChange: 'rollBack',
      onUnprovable: 'refuse',
      headerRule: { name: 'x-canary', value: 'yes' },
      notifications: [{ url: 'https://hooks.example/sluice?to=team' }],
    });
  });

  test('cluster and source', () => {
    const text = fileText({
      lines: {
        3: 'metadata: {name: llama, namespace: llm, cluster: eu-1}',
        11: '  metrics: {prometheus: {url: "https://prometheus.example/base"}, source: envoy-contour, failing: [4xx, 503]}',
      },
    });
    expect(parsePlan(text, 'rollout.yaml')).toMatchObject({
      plan: { target: { cluster: 'eu-1' }, metrics: { source: 'envoy-contour', failing: ['4xx', '503'] } },
    });
  });

  test('prices, and where feedback is counted', () => {
    const url = '"http://prometheus:9090"';
    const capacity = '{by: capacity, gpusPerPod: 2, perGpuHour: H100-SXM, outputTokensPerSecond: 4000}';
    const vote = (value: string) => `{name: chat_feedback_total, labels: {vote: ${value}}}`;
    const text = fileText({
      lines: { 11: '  metrics:' },
      added: [
        `    prometheus: {url: ${url}}`,
        `    cost: {stable: {by: tokens, inputPerMillion: 0.5}, canary: ${capacity}}`,
        '    feedback:',
        `      positive: ${vote('up')}`,
        `      negative: ${vote('down')}`,
        '      arms: {label: version, stable: v1, canary: v2}',
        '  guards:',
        '    - {metric: user-satisfaction, minDifference: -2%}',
        '    - {metric: cost-per-1k-tokens, max: 0.02}',
      ],
    });
    expect(parsePlan(text, 'rollout.yaml')).toMatchObject({
      plan: {
        guards: [
          { criterion: { metric: 'user-satisfaction', minDifference: -0.02 }, minimumSamples: 50 },
          { criterion: { metric: 'cost-per-1k-tokens', max: 0.02 }, minimumSamples: 100 },
        ],
        metrics: {
          cost: {
            stable: { by: 'tokens', inputPerMillion: 0.5, outputPerMillion: 1 },
            canary: { by: 'capacity', gpusPerPod: 2, perGpuHour: 'H100-SXM', outputTokensPerSecond: 4000 },
          },
          feedback: { negative: { labels: { vote: 'down' } }, arms: { canary: 'v2' } },
        },
      },
    });
  });

  test('without prices of its own the canary has stable’s', () => {
    const { cost } = planOf().metrics;
    expect(cost.canary).toEqual(cost.stable);
  });

  test.each(['envoy-contour', 'istio', 'traefik', 'vllm'])('the source %s', (source) => {
    const lines = {
      11: `  metrics: {prometheus: {url: "https://prometheus.example/base"}, source: ${source}}`,
    };
    expect(parsePlan(fileText({ lines }), 'rollout.yaml')).toMatchObject({ plan: { metrics: { source } } });
  });

  test('all weights in steps of 0.1 are good', () => {
    const weights = Array.from({ length: 999 }, (_, index) => Number(`${index + 1}e-1`));
    for (const weight of weights) {
      const plan = planOf(`  phases: [{weight: ${weight}, bake: 1h}, {weight: 100, bake: 0s}]`);
      expect(plan.phases[0]?.weightPercent).toBe(weight);
    }
  });
});

describe('what a phase or guard leaves out', () => {
  test('a limit is the metric’s usual one', () => {
    const guards = countedNames.filter((it) => it !== 'user-satisfaction').map((it) => `{metric: ${it}}`);
    const plan = planOf(`  guards: [${guards.join(', ')}]`);
    for (const { criterion } of plan.guards) {
      const { metric } = criterion;
      if (metric === 'custom' || metric === 'gpu-utilisation') throw new Error('nobody asked for it');
      expect(criterion).toMatchObject(usualLimits[metric]);
    }
    expect(plan.guards).toHaveLength(countedNames.length - 1);
  });

  test('a phase that bakes has the built-in gates, one that does not has none', () => {
    const { phases } = planOf('  phases: [{weight: 5, bake: 1h}, {weight: 100, bake: 0s}]');
    expect(phases.map((it) => it.gates)).toEqual([defaultGates(5), []]);
  });

  test('a gate asks for 300 requests; a guard of failures for 50, one of latency for 100', () => {
    const plan = planOf(
      '  phases: [{weight: 100, bake: 1h, gates: [{metric: error-rate, max: 1%}]}]',
      '  guards: [{metric: error-rate, max: 1%}, {metric: e2e-latency, maxRatio: 3}]',
    );
    expect(plan.phases[0]?.gates[0]?.minimumSamples).toBe(300);
    expect(plan.guards).toMatchObject([
      { minimumSamples: 50, sustainedForMs: 0, windowMs: 60_000 },
      { minimumSamples: 100, sustainedForMs: 0, windowMs: 60_000 },
    ]);
  });
});

describe('warnings', () => {
  test('name the field, and the plan is there', () => {
    const added = [
      '  phases:',
      '    - {weight: 5, bake: 0s, gates: [{metric: error-rate, max: 1%}]}',
      '    - {weight: 100, bake: 0s}',
      '  guards: []',
    ];
    expect(complaints(fileText({ added }))).toEqual({
      kind: 'ok',
      lines: [
        'rollout.yaml:13:25 spec.phases[0].bake: found "0s", better: a bake above 0s, or the gates have nothing to look at',
        'rollout.yaml:15:11 spec.guards: found an empty list, better: at least one guard, or nothing ends a bad bake',
      ],
    });
  });

  test('no evidence, chance, and lost labels', () => {
    const added = [
      '  phases: [{weight: 100, bake: 1h, gates: []}]',
      '  guards: [{metric: e2e-latency, maxRatio: 1}]',
    ];
    const lines = { 10: '    patch: {metadata: {labels: {app: null}}}' };
    expect(complaints(fileText({ lines, added }))).toEqual({
      kind: 'ok',
      lines: [
        'rollout.yaml:10:38 spec.release.patch.metadata.labels.app: found nothing, better: a value, unless no selector names this label: null removes it',
        'rollout.yaml:12:11 spec.phases: found a list of 1, better: a phase with gates, or the canary is promoted without evidence',
        'rollout.yaml:13:44 spec.guards[0].maxRatio: found 1, better: more than 1, or a canary as good as stable is rolled back by chance',
      ],
    });
  });
});
