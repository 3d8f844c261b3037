import { describe, expect, test } from '@jest/globals';
import { planDefaults } from '../../../src/domain/plan/defaults.ts';
import type { JsonObject, PhasePlan, Plan } from '../../../src/domain/plan/plan.ts';
import { advice, checkPlan, rules } from '../../../src/domain/plan/rules.ts';
import { metricsPlan } from '../../support/plans.ts';

const good: Plan = {
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
  metrics: metricsPlan(),
};

/** `rule path` of each problem. */
function problems(change: Partial<Plan>): string[] {
  return checkPlan({ ...good, ...change }).problems.map((it) => `${it.rule} ${it.path.join('.')}`);
}

function warnings(change: Partial<Plan>): string[] {
  return checkPlan({ ...good, ...change }).warnings.map((it) => `${it.rule} ${it.path.join('.')}`);
}

function weights(...all: number[]): readonly PhasePlan[] {
  return all.map((weightPercent) => ({ weightPercent, bakeMs: 1, gates: [], requireApproval: false }));
}

function patched(patch: JsonObject): Partial<Plan> {
  return { release: { version: 'v2', patch } };
}

function named(target: Partial<Record<'workload' | 'service' | 'router', string>>): Partial<Plan> {
  const { workload, service, router } = good.target;
  return {
    target: {
      ...good.target,
      workload: { ...workload, name: target.workload ?? workload.name },
      service: { ...service, name: target.service ?? service.name },
      router: { ...router, name: target.router ?? router.name },
    },
  };
}

test('the built-in plan breaks no rule and needs no advice', () => {
  expect(checkPlan(good)).toEqual({ problems: [], warnings: [] });
});

test('rules have names of their own', () => {
  const names = [...rules, ...advice].map((it) => it.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).not.toContain('');
});

describe('weights', () => {
  test.each<[string, readonly PhasePlan[], string[]]>([
    ['one phase', weights(100), []],
    ['steps of 0.1', weights(0.1, 0.3, 12.7, 99.9, 100), []],
    ['equal', weights(5, 5, 100), ['weightsRise phases.1.weightPercent']],
    ['falling', weights(10, 5, 100), ['weightsRise phases.1.weightPercent']],
    ['100 too early', weights(100, 100), ['weightsRise phases.1.weightPercent']],
    ['a last one below 100', weights(10, 50), ['lastWeightIs100 phases.1.weightPercent']],
    ['falling to the end: said once', weights(50, 10), ['lastWeightIs100 phases.1.weightPercent']],
    ['none', [], ['phasesAreFew phases']],
    ['more than anybody watches', weights(...range(0.1, 100)), ['phasesAreFew phases']],
    ['0', weights(0, 100), ['numbersInRange phases.0.weightPercent']],
    ['no number', weights(NaN, 100), ['numbersInRange phases.0.weightPercent']],
    ['infinite', weights(Infinity), ['numbersInRange phases.0.weightPercent']],
  ])('%s', (_name, phases, expected) => {
    expect(problems({ phases })).toEqual(expected);
  });

  test('a comparison names both fields', () => {
    expect(checkPlan({ ...good, phases: weights(10, 5, 100) }).problems).toEqual([
      {
        rule: 'weightsRise',
        path: ['phases', 1, 'weightPercent'],
        allowed: 'more than in the phase before it',
        comparedWith: ['phases', 0, 'weightPercent'],
      },
    ]);
  });
});

describe('numbers', () => {
  test.each<[string, Partial<Plan>, string[]]>([
    ['a negative pause', { keepOldMs: -1 }, ['numbersInRange keepOldMs']],
    ['no pause', { keepOldMs: 0 }, []],
    ['20 days', { keepOldMs: 480 * 3_600_000 }, []],
    ['more', { keepOldMs: 480 * 3_600_000 + 1 }, ['numbersInRange keepOldMs']],
    ['a limit of nothing', { hold: { limitMs: 0, then: 'rollBack' } }, ['numbersInRange hold.limitMs']],
    ['hold for good', { hold: { limitMs: 1000, then: 'keepHolding' } }, []],
    ['no look', { guardIntervalMs: 0 }, ['numbersInRange guardIntervalMs']],
    ['no warm-up', { warmUp: { requestsPerPod: 0, path: '/' } }, []],
    ['a listed capacity', { capacity: { replicas: [1, 1, 2, 4] } }, []],
    ['too few numbers', { capacity: { replicas: [1, 2] } }, ['replicasFitPhases capacity.replicas']],
    [
      'a falling capacity',
      { capacity: { replicas: [1, 3, 2, 4] } },
      ['replicasFitPhases capacity.replicas.2'],
    ],
    [
      'a phase without pods',
      { capacity: { replicas: [0, 1, 2, 4] } },
      ['numbersInRange capacity.replicas.0'],
    ],
    ['half a pod', { capacity: { replicas: [1, 1.5, 2, 4] } }, ['numbersInRange capacity.replicas.1']],
    ['an interval as long as the windows', { guardIntervalMs: 60_000 }, []],
    [
      'a longer one',
      { guardIntervalMs: 60_001 },
      [
        'windowsCoverIntervals guards.0.windowMs',
        'windowsCoverIntervals guards.1.windowMs',
        'windowsCoverIntervals guards.2.windowMs',
      ],
    ],
  ])('%s', (_name, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });
});

describe('names', () => {
  test.each<[string, Partial<Plan>, string[]]>([
    ['with parts', named({ workload: 'vllm.llama.v1', router: 'llm.eu' }), []],
    ['63 letters of a Service', named({ service: 'a'.repeat(63) }), []],
    ['64', named({ service: 'a'.repeat(64) }), ['textsAreWellFormed target.service.name']],
    ['253 letters', named({ workload: 'a'.repeat(253) }), []],
    ['254', named({ workload: 'a'.repeat(254) }), ['textsAreWellFormed target.workload.name']],
    [
      'a Service that begins with a digit',
      named({ service: '1a' }),
      ['textsAreWellFormed target.service.name'],
    ],
    ['a part that ends with -', named({ router: 'a-.b' }), ['textsAreWellFormed target.router.name']],
    ['a line end', named({ router: 'a\n' }), ['textsAreWellFormed target.router.name']],
    ['empty', { name: '' }, ['textsAreWellFormed name']],
    ['a name that would break the workflow’s id', { name: 'a/b' }, ['textsAreWellFormed name']],
    [
      'a name that is cut at a dot to make the canary’s',
      named({ workload: `${'a'.repeat(46)}.${'b'.repeat(40)}` }),
      ['canaryNamesAreDerivable target.workload.name'],
    ],
  ])('%s', (_name, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });

  test.each<[string, boolean]>([
    ['v2', true],
    ['2025-11-21_a.B', true],
    ['1', true],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    ['', false],
    ['v2-', false],
    ['-v2', false],
    ['v 2', false],
    ['v2\n', false],
    ['sha256:abc', false],
  ])('version %j is good: %j', (version, ok) => {
    expect(problems({ release: { ...good.release, version } })).toEqual(
      ok ? [] : ['textsAreWellFormed release.version'],
    );
  });
});

describe('addresses', () => {
  test.each<[string, boolean]>([
    ['https://prometheus.example/base/', true],
    ['http://[::1]:9090', true],
    ['prometheus:9090', false],
    ['ftp://prometheus', false],
    ['http://', false],
    ['http:///x', false],
    ['http://user@prometheus', false],
    ['http://:password@prometheus', false],
    ['http://prometheus/?a=b', false],
    ['http://prometheus/#a', false],
    ['http://prometheus/ x', false],
    ['http://prometheus:99999', false],
  ])('%s is good: %j', (url, ok) => {
    expect(problems({ metrics: { ...good.metrics, prometheus: { url } } })).toEqual(
      ok ? [] : ['urlsAreHttp metrics.prometheus.url'],
    );
  });

  test('of a notification may have a query', () => {
    expect(problems({ notifications: [{ url: 'https://hooks.example/?to=team' }] })).toEqual([]);
    expect(problems({ notifications: [{ url: 'https://u:p@hooks.example' }] })).toEqual([
      'urlsAreHttp notifications.0.url',
    ]);
  });
});

describe('the patch', () => {
  test.each<[string, JsonObject, string[]]>([
    ['of annotations', { metadata: { annotations: { a: 'b' } } }, []],
    ['empty', {}, ['patchIsOfPodTemplate release.patch']],
    ['of something else', { containers: [] }, ['patchIsOfPodTemplate release.patch.containers']],
    ['of a text', { spec: 'x' }, ['patchIsOfPodTemplate release.patch.spec']],
    ['of a Deployment', { spec: { selector: {} } }, ['patchIsOfPodTemplate release.patch.spec.selector']],
    [
      'with a container of no name',
      { spec: { containers: [{ image: 'x' }] } },
      ['patchedContainersAreNamed release.patch.spec.containers.0'],
    ],
    [
      'with a container twice',
      { spec: { initContainers: [{ name: 'a' }, { name: 'a' }] } },
      ['patchedContainersAreNamed release.patch.spec.initContainers.1.name'],
    ],
    [
      'with containers as a map',
      { spec: { containers: { vllm: {} } } },
      ['patchedContainersAreNamed release.patch.spec.containers'],
    ],
    ['that replaces all containers', { spec: { containers: [{ name: 'a' }, { $patch: 'replace' }] } }, []],
    [
      'that drops all labels',
      { metadata: { labels: null } },
      ['patchKeepsSelectorLabels release.patch.metadata.labels'],
    ],
    [
      'that replaces the labels',
      { metadata: { labels: { $patch: 'replace', a: 'b' } } },
      ['patchKeepsSelectorLabels release.patch.metadata.labels.$patch'],
    ],
    [
      'that deletes the metadata',
      { metadata: { $patch: 'delete' } },
      ['patchKeepsSelectorLabels release.patch.metadata.$patch'],
    ],
    [
      'that sets our labels',
      { metadata: { labels: { 'sluice.dev/arm': 'stable' } } },
      ['patchKeepsSelectorLabels release.patch.metadata.labels.sluice.dev/arm'],
    ],
  ])('%s', (_name, patch, expected) => {
    expect(problems(patched(patch))).toEqual(expected);
  });
});

describe('advice', () => {
  const gates = good.phases[0]?.gates ?? [];

  test.each<[string, Partial<Plan>, string[]]>([
    [
      'gates after no bake',
      { phases: [{ weightPercent: 100, bakeMs: 0, gates, requireApproval: false }] },
      ['gatesHaveBake phases.0.bakeMs'],
    ],
    ['no guards', { guards: [] }, ['somebodyGuards guards']],
    ['nothing asked', { phases: weights(5, 100) }, ['somethingIsAsked phases']],
    [
      'only a person asked',
      { phases: [{ weightPercent: 100, bakeMs: 0, gates: [], requireApproval: true }] },
      [],
    ],
    [
      'a label removed',
      patched({ metadata: { labels: { app: null, team: 'a' } } }),
      ['patchRemovesNoLabel release.patch.metadata.labels.app'],
    ],
    [
      'a guard that chance breaks',
      {
        guards: [
          {
            criterion: { metric: 'e2e-latency', quantile: 0.99, maxRatio: 1 },
            evidence: 'estimate',
            minimumSamples: 1,
            sustainedForMs: 0,
            windowMs: 60_000,
          },
        ],
      },
      ['guardsTolerateChance guards.0.criterion.maxRatio'],
    ],
    [
      'a value that rolls back when it is odd once',
      {
        guards: [
          {
            criterion: { metric: 'gpu-utilisation', min: 0.05 },
            evidence: 'estimate',
            minimumSamples: 1,
            sustainedForMs: 0,
            windowMs: 60_000,
          },
        ],
      },
      ['valuesAreSustained guards.0.sustainedForMs'],
    ],
  ])('%s', (_name, change, expected) => {
    expect(problems(change)).toEqual([]);
    expect(warnings(change)).toEqual(expected);
  });
});

/** In steps of 0.1. */
function range(from: number, to: number): number[] {
  const count = Math.round((to - from) * 10) + 1;
  return Array.from({ length: count }, (_, index) => Math.round(from * 10 + index) / 10);
}
