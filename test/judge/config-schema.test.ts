import { describe, expect, test } from '@jest/globals';
import type { JudgeConfig } from '../../src/domain/judge/config.ts';
import { judgeDefaults } from '../../src/domain/plan/judge-defaults.ts';
import { readConfig } from '../../src/judge/config-schema.ts';

const { criteria, sampling, concurrency, requestsPerSecond, noiseShare, sanityShare } = judgeDefaults;
const bucket = { endpoint: 'https://s3.example.com', region: 'eu-1', name: 'llm-judge', prefix: 'a/b/' };
const config: JudgeConfig = {
  version: 1,
  stable: { url: 'http://vllm.llm:8000', model: null, headers: {} },
  canary: { url: 'http://vllm-canary.llm:8000/base', model: 'm', headers: { 'x-a': 'b' } },
  prompts: { file: '/prompts/prompts.jsonl' },
  judge: { url: 'https://api.example.com', model: 'judge-1' },
  ...{ criteria, sampling, concurrency, requestsPerSecond, noiseShare, sanityShare },
  mostPrompts: null,
  deadlineMs: 3_600_000,
  transcripts: { folder: '/transcripts', keepMs: 1000 },
};

describe('readConfig', () => {
  test.each<[string, Partial<JudgeConfig>]>([
    ['a whole one', {}],
    ['prompts from an address', { prompts: { url: 'https://sets.example.com/v3.jsonl?token=x' } }],
    ['checkers alone', { judge: null }],
    ['a bucket for transcripts', { transcripts: { bucket, keepMs: 1000 } }],
    ['no bounds', { requestsPerSecond: null, mostPrompts: 5, transcripts: null }],
  ])('reads %s as it is', (_name, changes) => {
    const given = { ...config, ...changes };
    expect(readConfig(JSON.stringify(given))).toEqual({ kind: 'ok', config: given });
  });

  test.each<[string, object, string]>([
    ['another version', { version: 2 }, 'SLUICE_JUDGE_CONFIG.version: '],
    ['a field that nobody knows', { judges: 2 }, 'SLUICE_JUDGE_CONFIG: '],
    ['an address without http', { judge: { url: 'ftp://b', model: 'm' } }, 'SLUICE_JUDGE_CONFIG.judge.url: '],
    ['two criteria of one name', { criteria: [...criteria, ...criteria] }, 'must have names of their own'],
    ['no criteria', { criteria: [] }, 'SLUICE_JUDGE_CONFIG.criteria: '],
    ['a share above 1', { noiseShare: 10 }, 'SLUICE_JUDGE_CONFIG.noiseShare: '],
    [
      'an address with a password, which is not shown',
      { judge: { url: 'http://a:hush@b', model: 'm' } },
      'SLUICE_JUDGE_CONFIG.judge.url: must be an http or https address without user, password or fragment, and without query: found another text',
    ],
    ['an address with /v1', { judge: { url: 'http://b/v1', model: 'm' } }, 'must be the address up to /v1'],
    [
      'an arm’s address with what follows /v1',
      { canary: { url: 'http://b/v1/models', model: null, headers: {} } },
      'SLUICE_JUDGE_CONFIG.canary.url: must be the address up to /v1',
    ],
    [
      'a store with a password, which is not shown',
      { transcripts: { bucket: { ...bucket, endpoint: 'http://a:hush@b' }, keepMs: 1000 } },
      'SLUICE_JUDGE_CONFIG.transcripts.bucket.endpoint: must be an http or https address without user, password',
    ],
    [
      'a bucket whose name is none',
      { transcripts: { bucket: { ...bucket, name: 'A' }, keepMs: 1000 } },
      'SLUICE_JUDGE_CONFIG.transcripts.bucket.name: must be ',
    ],
    [
      'a folder that is kept for no known time',
      { transcripts: { folder: '/a', keepMs: '1h' } },
      'SLUICE_JUDGE_CONFIG.transcripts.keepMs: ',
    ],
    [
      'a folder and a bucket',
      { transcripts: { folder: '/a', bucket, keepMs: 1 } },
      'SLUICE_JUDGE_CONFIG.transcripts: must have either folder or bucket, and keepMs: found another value',
    ],
    [
      'prompts from nowhere',
      { prompts: {} },
      'SLUICE_JUDGE_CONFIG.prompts: must have either file or url: found another value',
    ],
    [
      'prompts from a file',
      { prompts: { url: 'file:///etc/passwd' } },
      'SLUICE_JUDGE_CONFIG.prompts.url: must be an http or https address: found another text',
    ],
    ['prompts that are a text', { prompts: 'hush' }, 'SLUICE_JUDGE_CONFIG.prompts: must have either'],
  ])('refuses %s', (_name, changes, problem) => {
    const reading = readConfig(JSON.stringify({ ...config, ...changes }));
    expect(reading).toEqual({ kind: 'refused', problems: [expect.stringContaining(problem)] });
    expect(JSON.stringify(reading)).not.toContain('hush');
  });

  test('tells all problems', () => {
    const reading = readConfig(JSON.stringify({ ...config, concurrency: 0, deadlineMs: '1h' }));
    expect(reading).toEqual({
      kind: 'refused',
      problems: [
        'SLUICE_JUDGE_CONFIG.concurrency: Too small: expected number to be >=1: found 0',
        expect.stringContaining('SLUICE_JUDGE_CONFIG.deadlineMs: '),
      ],
    });
  });

  test.each([undefined, '', '{', '[]'])('refuses %p', (text) => {
    expect(readConfig(text)).toMatchObject({ kind: 'refused' });
  });
});
