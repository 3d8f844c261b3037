import { describe, expect, test } from '@jest/globals';
import type { JudgePlan } from '../../../src/domain/plan/judge-plan.ts';
import { checkPlan } from '../../../src/domain/plan/rules.ts';
import { defaultPlan, judgePlan } from '../../support/plans.ts';
import { planWith, problems } from './judge-told.ts';

const endpoint = { url: 'http://judge.llm:8000', model: 'judge-1', apiKey: null };
const usual = judgePlan();

test('the default judge is good, without a warning', () => {
  expect(checkPlan(planWith())).toEqual({ problems: [], warnings: [] });
});

test('a plan without a judge is asked nothing about it', () => {
  expect(checkPlan(defaultPlan()).warnings).toEqual([]);
});

describe('numbers', () => {
  const limit = 'a share with its percent sign, 0.1% to 99.9%';
  const share = 'a share with its percent sign, 0% to 100%';
  const price = 'a price, 0 to 1000000';
  const keep = 'a duration such as 720h, 1h to 8760h';

  test.each<[string, Partial<JudgePlan>, string]>([
    ['limits.maxDrop', { limits: { ...usual.limits, maxDrop: 0 } }, limit],
    ['limits.maxDrop', { limits: { ...usual.limits, maxDrop: 1 } }, limit],
    ['limits.minWinRate', { limits: { ...usual.limits, minWinRate: 1 } }, limit],
    ['limits.minScore', { limits: { ...usual.limits, minScore: NaN } }, limit],
    ['minimumPairs', { minimumPairs: 0 }, 'a whole number of pairs, 1 to 1000000'],
    ['sampling.temperature', { sampling: { ...usual.sampling, temperature: 2.1 } }, 'a number, 0 to 2'],
    ['sampling.seed', { sampling: { ...usual.sampling, seed: 1.5 } }, 'a whole number, 0 to 2000000000'],
    [
      'sampling.maxTokens',
      { sampling: { ...usual.sampling, maxTokens: 0 } },
      'a whole number of tokens, 1 to 1000000',
    ],
    ['concurrency', { concurrency: 65 }, 'a whole number of requests, 1 to 64'],
    ['requestsPerSecond', { requestsPerSecond: 0 }, 'a number of requests, 0.01 to 1000'],
    ['mostPrompts', { minimumPairs: 1, mostPrompts: 1.5 }, 'a whole number of prompts, 1 to 1000000'],
    ['noiseShare', { noiseShare: 1.1 }, share],
    ['sanityShare', { sanityShare: -0.1 }, share],
    ['trust.mostLost', { trust: { ...usual.trust, mostLost: 2 } }, share],
    ['trust.leastRight', { trust: { ...usual.trust, leastRight: 2 } }, share],
    ['attempts', { attempts: 11 }, 'a whole number of Jobs, 1 to 10'],
    ['deadlineMs', { deadlineMs: 59_999 }, 'a duration such as 30m or 1h30m, 1m to 24h'],
    ['deadlineMs', { deadlineMs: 86_400_001 }, 'a duration such as 30m or 1h30m, 1m to 24h'],
    ['transcripts.keepMs', { transcripts: { claim: 'volume', keepMs: 1000 } }, keep],
    ['price.inputPerMillion', { price: { inputPerMillion: -1, outputPerMillion: 1 } }, price],
    ['price.outputPerMillion', { price: { inputPerMillion: 0, outputPerMillion: 1e7 } }, price],
  ])('%s in %j is out of range', (path, judge, allowed) => {
    expect(problems(judge)).toEqual([`judgeNumbersInRange judge.${path}: ${allowed}`]);
  });

  test('at the ends are good', () => {
    const least = { minimumPairs: 1, concurrency: 1, attempts: 1, noiseShare: 0, sanityShare: 0 };
    expect(problems({ ...least, deadlineMs: 60_000, requestsPerSecond: null, mostPrompts: 1 })).toEqual([]);
    expect(problems({ concurrency: 64, attempts: 10, deadlineMs: 86_400_000, noiseShare: 1 })).toEqual([]);
  });
});

describe('texts', () => {
  const name = 'a name of a-z, 0-9, - and ., at most 253 characters, first and last of each part no -';
  const key = 'a key of letters, digits, -, _ and ., at most 253 characters';
  const model =
    'the name of a model as its endpoint knows it, printable ASCII without blanks, 1 to 256 characters';

  test.each<[string, Partial<JudgePlan>, string]>([
    ['prompts.configMap.name', { prompts: { configMap: { name: 'Prompts', key: 'x' } } }, name],
    ['prompts.configMap.key', { prompts: { configMap: { name: 'prompts', key: 'a/b' } } }, key],
    ['prompts.configMap.key', { prompts: { configMap: { name: 'prompts', key: '..' } } }, key],
    ['endpoint.model', { endpoint: { ...endpoint, model: 'my model' } }, model],
    ['endpoint.apiKey.secret', { endpoint: { ...endpoint, apiKey: { secret: 'A', key: 'key' } } }, name],
    ['endpoint.apiKey.key', { endpoint: { ...endpoint, apiKey: { secret: 'a', key: '' } } }, key],
    ['model', { model: '' }, model],
    ['transcripts.claim', { transcripts: { claim: 'a b', keepMs: 3_600_000 } }, name],
  ])('%s in %j', (path, judge, allowed) => {
    expect(problems(judge)).toEqual([`judgeTextsAreWellFormed judge.${path}: ${allowed}`]);
  });

  test.each([
    'judge:1',
    'example/judge:1.0_rc-1',
    'registry.example:5000/team/sub/judge:1',
    'localhost/judge:1',
    `example/judge@sha256:${'0a'.repeat(32)}`,
    `example/judge:1@sha256:${'0a'.repeat(32)}`,
  ])('image %s is plausible', (image) => {
    expect(checkPlan(planWith({ image }))).toEqual({ problems: [], warnings: [] });
  });

  test.each([
    '',
    'Judge:1',
    'http://example/judge',
    'example/judge:',
    'example//judge:1',
    'a b',
    'judge@sha256:12',
  ])('image %j is none', (image) => {
    expect(problems({ image })).toEqual([
      'judgeTextsAreWellFormed judge.image: an image such as registry.example/team/judge:1.0, its name in lower case',
    ]);
  });
});

describe('no key is in a plan', () => {
  const keys = [
    'sk-proj-4f9a8b7c6d5e4f3a2b1c',
    'hf_AbCdEfGhIjKlMnOpQrSt',
    'Bearer something',
    '0123456789abcdef0123456789abcdef',
  ];

  test.each(keys)('%s is no name of one', (found) => {
    for (const apiKey of [
      { secret: found, key: 'api-key' },
      { secret: 'judge', key: found },
    ])
      expect(problems({ endpoint: { ...endpoint, apiKey } }).join()).toMatch(
        /^judgeKeysAreNamed judge\.endpoint\.apiKey\.(secret|key): the name of a Secret and of its entry, never the key itself/,
      );
  });

  test.each(['OPENAI_API_KEY', 'sk', 'judge-key-2026-11', 'a-rather-long-name-of-a-secret-in-production-4'])(
    '%s is a name',
    (key) => {
      expect(problems({ endpoint: { ...endpoint, apiKey: { secret: 'judge', key } } })).toEqual([]);
    },
  );
});

describe('addresses', () => {
  const address = 'an http or https address without user, password or fragment';

  test.each([
    ['ftp://judge', `${address}, and without query`],
    ['http://me:hunter2@judge', `${address}, and without query`],
    ['http://judge?key=hunter2', `${address}, and without query`],
    ['http://judge/v1', 'the address up to /v1: leave out /v1 and what follows it'],
    ['http://judge/v1/', 'the address up to /v1: leave out /v1 and what follows it'],
    ['http://judge/api/v1/chat/completions', 'the address up to /v1: leave out /v1 and what follows it'],
  ])('%s is no endpoint', (url, allowed) => {
    expect(problems({ endpoint: { ...endpoint, url } })).toEqual([
      `judgeUrlsAreUsable judge.endpoint.url: ${allowed}`,
    ]);
  });

  test.each(['http://judge.llm:8000', 'https://judge.example/openai', 'https://judge.example/v1beta'])(
    '%s is an endpoint',
    (url) => {
      expect(problems({ endpoint: { ...endpoint, url } })).toEqual([]);
    },
  );

  test.each([
    ['s3://bucket/prompts.jsonl', address],
    [
      'https://files.example/prompts.jsonl?X-Amz-Signature=00',
      'an address without secrets, for a plan is kept in the history: no X-Amz-Signature',
    ],
    [
      'https://files.example/prompts.jsonl?sv=1&sig=00',
      'an address without secrets, for a plan is kept in the history: no sig',
    ],
  ])('%s is no place for prompts', (url, allowed) => {
    expect(problems({ prompts: { url } })).toEqual([`judgeUrlsAreUsable judge.prompts.url: ${allowed}`]);
  });

  test('a version in the query of the prompts is no secret', () => {
    expect(problems({ prompts: { url: 'https://files.example/prompts.jsonl?version=3' } })).toEqual([]);
  });
});

test('without any limit nothing could be judged', () => {
  expect(problems({ limits: { maxDrop: null, minWinRate: null, minScore: null } })).toEqual([
    'judgeHasLimits judge.limits: at least one of maxDrop, minWinRate, minScore',
  ]);
});

test('weights are those of phases, each once', () => {
  const allowed = 'weights of phases: 1, 10, 50, 100';
  expect(problems({ atWeights: [] })).toEqual([
    `judgedWeightsAreOfPhases judge.atWeights: at least one of the ${allowed}`,
  ]);
  expect(problems({ atWeights: [1, 5] })).toEqual([`judgedWeightsAreOfPhases judge.atWeights.1: ${allowed}`]);
  expect(problems({ atWeights: [1, 10, 1] })).toEqual([
    'judgedWeightsAreOfPhases judge.atWeights.2: each weight once',
  ]);
});

describe('the rubric', () => {
  const criterion = (name: string, description = 'As it should be.') => ({ name, description });

  test('has 1 to 8 criteria', () => {
    const [none, nine] = [[], Array.from({ length: 9 }, (_, index) => criterion(`c${index}`))];
    for (const criteria of [none, nine])
      expect(problems({ criteria })).toEqual(['rubricIsUsable judge.criteria: a list of 1 to 8 criteria']);
    expect(problems({ criteria: nine.slice(1) })).toEqual([]);
  });

  test('calls each of them by a name of its own, and describes it in a line', () => {
    expect(problems({ criteria: [criterion('tone'), criterion('tone')] })).toEqual([
      'rubricIsUsable judge.criteria.1.name: each name once',
    ]);
    expect(problems({ criteria: [criterion('Tone of it')] })).toEqual([
      'rubricIsUsable judge.criteria.0.name: a name of a-z, 0-9, - and _, at most 40 characters, first a letter',
    ]);
    for (const description of ['', 'two\nlines', 'x'.repeat(301)])
      expect(problems({ criteria: [criterion('tone', description)] })).toEqual([
        'rubricIsUsable judge.criteria.0.description: a sentence of 1 to 300 characters in one line',
      ]);
  });
});

test('no more pairs are needed than prompts are asked', () => {
  expect(problems({ minimumPairs: 101, mostPrompts: 100 })).toEqual([
    'enoughPromptsAreAsked judge.minimumPairs: no more than the prompts that are asked, or nothing ever passes',
  ]);
  expect(problems({ minimumPairs: 100, mostPrompts: 100 })).toEqual([]);
});

describe('resources', () => {
  const quantity = 'a quantity as Kubernetes writes it, such as 250m, 0.5, 256Mi or 1Gi';
  const memory = 'at least 32Mi: Mi are mebibytes, m would be thousandths';
  const at = (cpu: string, size: string) => problems({ resources: { cpu, memory: size } });

  test.each(['1', '0.5', '.5', '2.', '100m', '1e3', '1E-1', '1000u'])('%s of a CPU is good', (cpu) => {
    expect(at(cpu, '256Mi')).toEqual([]);
  });

  test.each(['256Mi', '1Gi', '0.5G', '268435456', '1e9', '33554432', '300000000000m'])(
    '%s of memory is good',
    (size) => {
      expect(at('1', size)).toEqual([]);
    },
  );

  test.each([
    ['cpu', 'half', '256Mi', quantity],
    ['cpu', '-1', '256Mi', quantity],
    ['cpu', '0', '256Mi', 'at least 1m of a CPU'],
    ['cpu', '10n', '256Mi', 'at least 1m of a CPU'],
    ['memory', '1', '256 MB', quantity],
    ['memory', '1', '256mi', quantity],
    ['memory', '1', '256m', memory],
    ['memory', '1', '256', memory],
  ])('%s: %s and %s', (which, cpu, size, allowed) => {
    expect(at(cpu, size)).toEqual([`judgeResourcesSuffice judge.resources.${which}: ${allowed}`]);
  });
});
