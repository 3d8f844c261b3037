import { describe, expect, test } from '@jest/globals';
import { bucketDefaults, judgeDefaults, transcriptsKeptMs } from '../../src/domain/plan/judge-defaults.ts';
import { parsePlan } from '../../src/plan-file/read.ts';
import { complaints, fileText } from './text.ts';
import { refuses } from './refuses.ts';

const image = 'image: example/judge:1';
const prompts = 'prompts: {configMap: {name: prompts, key: prompts.jsonl}}';
const endpoint = 'endpoint: {url: "http://judge.llm:8000", model: judge-1}';

/** The judge's fields from line 13 on, one a line; its guard is one that vLLM does not count. */
function judge(...fields: string[]) {
  return {
    added: ['  judge:', ...fields.map((it) => `    ${it}`), '  guards: [{metric: error-rate}]'],
  };
}

function planOf(...fields: string[]) {
  const answer = parsePlan(fileText(judge(...fields)), 'rollout.yaml');
  if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer.problems));
  return answer.plan.judge;
}

test('without the section nobody judges, nor with null', () => {
  for (const added of [[], ['  judge: null']])
    expect(parsePlan(fileText({ added }), 'rollout.yaml')).toMatchObject({
      kind: 'ok',
      plan: { judge: null },
    });
});

test('the least section is the default judge at all weights below 100', () => {
  expect(planOf(image, prompts)).toEqual({
    ...judgeDefaults,
    image: 'example/judge:1',
    atWeights: [1, 10, 50],
    prompts: { configMap: { name: 'prompts', key: 'prompts.jsonl' } },
  });
});

test('what is said of one limit leaves the others as they are', () => {
  expect(planOf(image, prompts, endpoint, 'limits: {minScore: 85%}')).toMatchObject({
    limits: { maxDrop: 0.1, minWinRate: null, minScore: 0.85 },
    endpoint: { url: 'http://judge.llm:8000', model: 'judge-1', apiKey: null },
  });
  expect(planOf(image, prompts, 'limits: {maxDrop: null, minWinRate: 45 %}')?.limits).toEqual({
    maxDrop: null,
    minWinRate: 0.45,
    minScore: null,
  });
});

test('values become the plan’s units', () => {
  expect(
    planOf(
      image,
      'prompts: {url: "https://files.example/prompts.jsonl"}',
      'atWeights: [10]',
      'deadline: 1h30m',
      'noiseShare: 25%',
      'requestsPerSecond: null',
      'resources: {cpu: 1, memory: 1Gi}',
      'transcripts: {claim: volume}',
    ),
  ).toMatchObject({
    prompts: { url: 'https://files.example/prompts.jsonl' },
    atWeights: [10],
    deadlineMs: 5_400_000,
    noiseShare: 0.25,
    requestsPerSecond: null,
    resources: { cpu: '1', memory: '1Gi' },
    transcripts: { claim: 'volume', keepMs: transcriptsKeptMs },
  });
});

test('transcripts may go to a bucket', () => {
  const least = 's3: {endpoint: "https://s3.example.com", bucket: llm-judge, credentials: {secret: keys}}';
  expect(planOf(image, prompts, `transcripts: {${least}, keep: 48h}`)?.transcripts).toEqual({
    keepMs: 172_800_000,
    s3: {
      endpoint: 'https://s3.example.com',
      bucket: 'llm-judge',
      ...bucketDefaults,
      credentials: { secret: 'keys', ...bucketDefaults.credentials },
    },
  });
});

test('the default weights are those of the file’s own phases', () => {
  const phases = '  phases: [{weight: 5, bake: 1h}, {weight: 25, bake: 1h}, {weight: 100, bake: 0s}]';
  const answer = parsePlan(fileText({ added: ['  judge:', `    ${image}`, `    ${prompts}`, phases] }), 'f');
  expect(answer).toMatchObject({ plan: { judge: { atWeights: [5, 25] } } });
});

const percent = 'a share with its percent sign, 0.1% to 99.9%';
const oneSource = 'one of configMap, url';

describe('what is refused', () => {
  refuses([
    {
      name: 'no image, no prompts',
      ...judge('concurrency: 4'),
      refused: [
        '12:3 spec.judge.image: found nothing, allowed: an image such as registry.example/team/judge:1.0, its name in lower case',
        '12:3 spec.judge.prompts: found nothing, allowed: a map of configMap, url',
      ],
    },
    {
      name: 'no source of prompts',
      ...judge(image, 'prompts: {}'),
      refused: [`14:5 spec.judge.prompts.configMap: found nothing, allowed: ${oneSource}`],
    },
    {
      name: 'two sources of prompts',
      ...judge(image, 'prompts: {url: "http://x/y", configMap: {name: a, key: b}}'),
      refused: [
        `14:20 spec.judge.prompts.url: found "http://x/…", allowed: nothing beside configMap: ${oneSource}`,
      ],
    },
    {
      name: 'no place for transcripts',
      ...judge(image, prompts, 'transcripts: {keep: 2h}'),
      refused: ['15:5 spec.judge.transcripts.claim: found nothing, allowed: one of claim, s3'],
    },
    {
      name: 'a bucket without some of its fields, beside a volume',
      ...judge(image, prompts, 'transcripts: {claim: a, s3: {bucket: llm-judge}}'),
      refused: [
        '15:29 spec.judge.transcripts.s3.credentials: found nothing, allowed: a map of accessKeyId, secret, secretAccessKey',
        '15:29 spec.judge.transcripts.s3.endpoint: found nothing, allowed: an http or https address without user, password or fragment',
        '15:33 spec.judge.transcripts.s3: found a map, allowed: nothing beside claim: one of claim, s3',
      ],
    },
    {
      name: 'a key in the place of its name in a Secret, which is not shown',
      ...judge(
        image,
        prompts,
        'transcripts: {s3: {endpoint: "http://s3", bucket: abc, credentials: {secret: a, accessKeyId: AKIAIOSFODNN7EXAMPLE}}}',
      ),
      refused: [
        '15:98 spec.judge.transcripts.s3.credentials.accessKeyId: found what may be a secret, allowed: the name of a Secret and of its entry, never the key itself (kubectl create secret generic NAME --from-file=KEY)',
      ],
    },
    {
      name: 'a misspelt field',
      ...judge(image, prompts, 'limit: {maxDrop: 5%}'),
      refused: [
        '15:5 spec.judge.limit: found an unknown field, allowed: atWeights, attempts, concurrency, criteria, deadline, endpoint, evidence, image, limits, minimumPairs, model, mostPrompts, noiseShare, price, prompts, requestsPerSecond, resources, sampling, sanityShare, transcripts, trust; did you mean limits?',
      ],
    },
    {
      name: 'a share without its sign, a number alone for a duration, a text for a number',
      ...judge(image, prompts, 'limits: {maxDrop: 0.1}', 'deadline: 60', 'concurrency: "4"'),
      refused: [
        `15:23 spec.judge.limits.maxDrop: found 0.1, allowed: ${percent}`,
        '16:15 spec.judge.deadline: found 60, allowed: a duration such as 30m or 1h30m, 1m to 24h',
        '17:18 spec.judge.concurrency: found "4", allowed: a whole number of requests, 1 to 64; write it without quotes',
      ],
    },
    {
      name: 'values out of range, at their places',
      ...judge(image, prompts, 'limits: {maxDrop: 100%}', 'deadline: 25h', 'resources: {memory: 256m}'),
      refused: [
        `15:23 spec.judge.limits.maxDrop: found "100%", allowed: ${percent}`,
        '16:15 spec.judge.deadline: found "25h", allowed: a duration such as 30m or 1h30m, 1m to 24h',
        '17:25 spec.judge.resources.memory: found "256m", allowed: at least 32Mi: Mi are mebibytes, m would be thousandths',
      ],
    },
    {
      name: 'more pairs than prompts, beside the default that it meets',
      ...judge(image, prompts, 'mostPrompts: 50'),
      refused: [
        '15:18 spec.judge.minimumPairs: found 100, the default, allowed: no more than the prompts that are asked, or nothing ever passes (spec.judge.mostPrompts is 50)',
      ],
    },
    {
      name: 'a key in the place of its name, which is not shown',
      ...judge(image, prompts, 'endpoint: {url: "http://x", model: y, apiKey: sk-hunter2hunter2hunter2}'),
      refused: [
        '15:51 spec.judge.endpoint.apiKey: found what may be a secret, allowed: a map of key, secret; the key itself belongs into a Secret of the target’s namespace',
      ],
    },
    {
      name: 'a key in the place of a Secret’s name, which is not shown',
      ...judge(
        image,
        prompts,
        'endpoint: {url: "http://x", model: y, apiKey: {secret: sk-hunter2hunter2hunter2, key: Hunter2!}}',
      ),
      refused: [
        '15:60 spec.judge.endpoint.apiKey.secret: found what may be a secret, allowed: the name of a Secret and of its entry, never the key itself (kubectl create secret generic NAME --from-file=KEY)',
        '15:91 spec.judge.endpoint.apiKey.key: found what may be a secret, allowed: a key of letters, digits, -, _ and ., at most 253 characters',
      ],
    },
    {
      name: 'an endpoint with its version, and one with a password, which is not shown',
      ...judge(image, prompts, 'endpoint: {url: "http://judge/v1", model: y}', 'model: 4'),
      refused: [
        '15:21 spec.judge.endpoint.url: found "http://judge/…", allowed: the address up to /v1: leave out /v1 and what follows it',
        '16:12 spec.judge.model: found 4, allowed: the name of a model as its endpoint knows it, printable ASCII without blanks, 1 to 256 characters; write it in quotes',
      ],
    },
    {
      name: 'a criterion without a description, and one too often',
      ...judge(image, prompts, 'criteria: [{name: a}, {name: b, description: x}, {name: b, description: x}]'),
      refused: [
        '15:16 spec.judge.criteria[0].description: found nothing, allowed: a sentence of 1 to 300 characters in one line',
        '15:61 spec.judge.criteria[2].name: found "b", allowed: each name once (spec.judge.criteria[1].name is "b")',
      ],
    },
  ]);
});

test('a phase that may last longer than its bake is told at its place', () => {
  const { lines } = complaints(fileText(judge(image, prompts, endpoint, 'deadline: 2h')));
  expect(lines).toEqual([
    'rollout.yaml:16:15 spec.phases[0].bake: found 1h, the default, better: as long as a judge may take, or the phase may last longer than its bake (spec.judge.deadline is "2h")',
  ]);
});
