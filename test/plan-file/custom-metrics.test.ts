import { describe, expect, test } from '@jest/globals';
import { parsePlan } from '../../src/plan-file/read.ts';
import { refuses } from './refuses.ts';
import { fileText } from './text.ts';

const prometheus = '    prometheus: {url: "http://127.0.0.1:9090"}';
const web = 'web: {stable: "http://scores/stable", canary: "http://scores/canary", path: $.score}';

/** A file with these metrics of one's own and this guard, in lines 13 and 14. */
function added(custom: string, guard = '{metric: error-rate, max: 1%}') {
  return {
    lines: { 11: '  metrics:' },
    added: [prometheus, `    custom: [${custom}]`, `  guards: [${guard}]`],
  };
}

test('metrics of one’s own, and the criteria that name them', () => {
  const answer = parsePlan(
    fileText({
      lines: { 11: '  metrics:' },
      added: [
        prometheus,
        '    custom:',
        `      - {name: quality, ${web}}`,
        '      - name: toxicity',
        '        prometheus: {stable: "avg(tox{v=\\"1\\"}[$window])", canary: "avg(tox{v=\\"2\\"}[$window])"}',
        '      - {name: trial, file: {path: trial.json}}',
        '  guards:',
        '    - {metric: custom, name: quality, min: 0.85, sustainedFor: 1m}',
        '    - {metric: custom, name: toxicity, maxDifference: 0.01, window: 5m, evidence: estimate}',
        '    - {metric: gpu-utilisation, max: 95%}',
        '    - {metric: gpu-utilisation, minDifference: -30%}',
        '  phases:',
        '    - {weight: 100, bake: 1h, gates: [{metric: custom, name: trial, minDifference: -0.02}]}',
      ],
    }),
    'rollout.yaml',
  );
  expect(answer).toMatchObject({
    plan: {
      metrics: {
        custom: [
          {
            name: 'quality',
            web: {
              stable: 'http://scores/stable',
              canary: 'http://scores/canary',
              path: '$.score',
              headers: {},
            },
          },
          { name: 'toxicity', prometheus: { canary: 'avg(tox{v="2"}[$window])' } },
          { name: 'trial', file: { path: 'trial.json' } },
        ],
      },
      guards: [
        {
          ...{ criterion: { metric: 'custom', name: 'quality', min: 0.85 }, evidence: 'estimate' },
          ...{ sustainedForMs: 60_000, windowMs: 60_000 },
        },
        { criterion: { metric: 'custom', name: 'toxicity', maxDifference: 0.01 }, windowMs: 300_000 },
        { criterion: { metric: 'gpu-utilisation', max: 0.95 } },
        { criterion: { metric: 'gpu-utilisation', minDifference: -0.3 } },
      ],
      phases: [
        {
          gates: [
            { criterion: { metric: 'custom', name: 'trial', minDifference: -0.02 }, evidence: 'estimate' },
          ],
        },
      ],
    },
  });
});

test('by default there are none', () => {
  expect(parsePlan(fileText(), 'rollout.yaml')).toMatchObject({ plan: { metrics: { custom: [] } } });
});

describe('what is refused', () => {
  refuses([
    {
      ...{
        name: 'a name that nothing defines',
        ...added(`{name: quality, ${web}}`, '{metric: custom, name: qualty, min: 1}'),
      },
      refused: [
        '14:35 spec.guards[0].name: found "qualty", allowed: a metric that metrics.custom defines: quality',
      ],
    },
    {
      ...{ name: 'no limit', ...added(`{name: quality, ${web}}`, '{metric: custom, name: quality}') },
      refused: [
        '14:12 spec.guards[0].max: found nothing, allowed: one of max, maxRatio, maxDifference, min, minRatio, minDifference',
      ],
    },
    {
      ...{
        name: 'two limits',
        ...added(`{name: quality, ${web}}`, '{metric: custom, name: quality, min: 1, max: 2}'),
      },
      refused: [
        '14:49 spec.guards[0].min: found 1, allowed: nothing beside max: one of max, maxRatio, maxDifference, min, minRatio, minDifference',
      ],
    },
    {
      ...{
        name: 'proof, and samples',
        ...added('', '{metric: gpu-utilisation, max: 90%, evidence: proven, minimumSamples: 5}'),
      },
      refused: [
        '14:58 spec.guards[0].evidence: found "proven", allowed: estimate',
        '14:66 spec.guards[0].minimumSamples: found an unknown field, allowed: evidence, max, maxDifference, maxRatio, metric, min, minDifference, minRatio, sustainedFor, window',
      ],
    },
    {
      ...{ name: 'no source', ...added('{name: quality}') },
      refused: [
        '13:14 spec.metrics.custom[0].prometheus: found nothing, allowed: one of prometheus, web, file',
      ],
    },
    {
      ...{ name: 'two sources', ...added(`{name: quality, ${web}, file: {path: x}}`) },
      refused: [
        '13:122 spec.metrics.custom[0].file: found a map, allowed: nothing beside web: one of prometheus, web, file',
      ],
    },
    {
      name: 'an address with a password, which is not shown',
      ...added('{name: q, web: {stable: "http://me:hunter2@x/?t=hunter2", canary: "http://y", path: $.x}}'),
      refused: [
        '13:38 spec.metrics.custom[0].web.stable: found "http://…@x/…", allowed: an http or https address without user, password or fragment',
      ],
    },
    {
      name: 'a header that holds a secret, which is not shown',
      ...added(`{name: q, ${web.replace('}', ', headers: {authorization: Bearer hunter2}}')}}`),
      refused: [
        '13:118 spec.metrics.custom[0].web.headers: found a map, allowed: headers without secrets, for the plan is kept in the history: no authorization',
      ],
    },
    {
      name: 'paths that are none',
      ...added(`{name: q, ${web.replace('$.score', '"$.["')}}`),
      refused: [
        "13:100 spec.metrics.custom[0].web.path: found \"$.[\", allowed: a JSONPath (RFC 9535) such as $.data.score, at most 500 characters (unexpected shorthand selector '[' ('$.[':2))",
      ],
    },
  ]);
});
