import { describe, expect, test } from '@jest/globals';
import type { CustomMetricPlan } from '../../../src/domain/plan/metrics-plan.ts';
import type { Evidence } from '../../../src/domain/plan/evidence.ts';
import type { Criterion } from '../../../src/domain/plan/plan.ts';
import { checkPlan } from '../../../src/domain/plan/rules.ts';
import { metricsPlan, quickPlan } from '../../support/plans.ts';

const web = {
  stable: 'https://scores.example/stable',
  canary: 'https://scores.example/canary',
  path: '$.data.score',
  headers: {},
};
const queries = { stable: 'score{arm="stable"}', canary: 'score{arm="canary"}' };

/** `rule path: allowed` of each problem. */
function problems(
  custom: readonly CustomMetricPlan[],
  criterion?: Criterion,
  evidence: Evidence = 'estimate',
) {
  const [guard] = quickPlan().guards;
  const phases = quickPlan().phases.map((it) =>
    criterion === undefined ? it : { ...it, gates: [{ criterion, evidence, minimumSamples: 1 }] },
  );
  if (guard === undefined) throw new Error('the built-in plan has guards');
  const plan = quickPlan({ metrics: metricsPlan({ custom }), phases: phases.slice(-1) });
  return checkPlan(plan).problems.map((it) => `${it.rule} ${it.path.join('.')}: ${it.allowed}`);
}
const ofSource = (source: object) => problems([{ name: 'quality', ...source } as CustomMetricPlan]);

test('each of the three sources is good', () => {
  const custom = [
    { name: 'quality', web },
    { name: 'toxicity', prometheus: queries },
    { name: 'trial-1', file: { path: 'trials/one.json' } },
  ];
  expect(problems(custom, { metric: 'custom', name: 'quality', min: 0.85 })).toEqual([]);
});

describe('names', () => {
  test('are labels, each once', () => {
    expect(problems([{ name: 'Quality', web }]).join()).toContain(
      'customNamesAreUnique metrics.custom.0.name',
    );
    const twice = [
      { name: 'quality', web },
      { name: 'quality', prometheus: queries },
    ];
    expect(problems(twice)).toEqual(['customNamesAreUnique metrics.custom.1.name: each name once']);
  });

  test('of criteria are those of metrics', () => {
    const criterion = { metric: 'custom', name: 'qualty', min: 0.85 } as const;
    expect(problems([{ name: 'quality', web }], criterion)).toEqual([
      'customMetricsExist phases.0.gates.0.criterion.name: a metric that metrics.custom defines: quality',
    ]);
    expect(problems([], criterion)).toEqual([
      'customMetricsExist phases.0.gates.0.criterion.name: a metric that metrics.custom defines; it defines none',
    ]);
  });
});

test.each<Criterion>([
  { metric: 'custom', name: 'quality', min: 0.85 },
  { metric: 'gpu-utilisation', max: 0.5 },
])('$metric is never proven', (criterion) => {
  for (const evidence of ['proven', 'noBreach'] as const)
    expect(problems([{ name: 'quality', web }], criterion, evidence)).toEqual([
      'valuesAreEstimates phases.0.gates.0.evidence: estimate: a value has no counts to prove anything with',
    ]);
});

describe('sources', () => {
  const address = 'an http or https address without user, password or fragment';
  const other = 'another one than stable’s, or nobody can tell the arms apart';
  const within = 'a path within the worker’s folder of values, without ..';
  const jsonPath = 'a JSONPath (RFC 9535) such as $.data.score, at most 500 characters';

  test.each<{ name: string; source: object; at: string; allowed: string }>([
    {
      name: 'a password',
      source: { web: { ...web, canary: 'http://a:b@x/' } },
      at: 'web.canary',
      allowed: address,
    },
    {
      name: 'no address',
      source: { web: { ...web, stable: 'file:///x' } },
      at: 'web.stable',
      allowed: address,
    },
    {
      name: 'one address',
      source: { web: { ...web, canary: web.stable } },
      at: 'web.canary',
      allowed: other,
    },
    { name: 'no path', source: { web: { ...web, path: 'data.score' } }, at: 'web.path', allowed: jsonPath },
    {
      name: 'one query',
      source: { prometheus: { stable: 'x', canary: 'x' } },
      at: 'prometheus.canary',
      allowed: other,
    },
    {
      ...{ name: 'an empty query', source: { prometheus: { stable: ' ', canary: 'x' } } },
      ...{ at: 'prometheus.stable', allowed: 'an instant query of 1 to 4000 characters' },
    },
    ...['../x.json', '/etc/passwd', 'a/../../x', 'a/..', ''].map((path) => {
      return { name: `the path ${path}`, source: { file: { path } }, at: 'file.path', allowed: within };
    }),
  ])('$name is refused', ({ source, at, allowed }) => {
    expect(ofSource(source)).toEqual([`customSourcesAreUsable metrics.custom.0.${at}: ${allowed}`]);
  });

  test.each(['Authorization', 'cookie', 'X-Api-Key', 'x-auth-token'])('no header %s: it is kept', (name) => {
    // Of the map: the value must be in no message.
    expect(ofSource({ web: { ...web, headers: { [name]: 'Bearer hunter2' } } })).toEqual([
      `customSourcesAreUsable metrics.custom.0.web.headers: headers without secrets, for the plan is kept in the history: no ${name}`,
    ]);
  });

  test('headers that http does not know are refused, others are not', () => {
    expect(ofSource({ web: { ...web, headers: { 'x-tenant': 'a' } } })).toEqual([]);
    expect(ofSource({ web: { ...web, headers: { 'x tenant': 'a' } } })).toHaveLength(1);
    expect(ofSource({ web: { ...web, headers: { 'x-tenant': 'a\r\nb: c' } } })).toHaveLength(1);
  });
});
