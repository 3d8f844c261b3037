import { describe, expect, test } from '@jest/globals';
import { judgeConfig } from '../../../src/domain/judge/config-of.ts';
import { judgeDefaults } from '../../../src/domain/plan/judge-defaults.ts';
import type { JudgePlan } from '../../../src/domain/plan/judge-plan.ts';
import { judgePlan, quickPlan } from '../../support/plans.ts';

const configOf = (changes: Partial<JudgePlan> = {}) =>
  judgeConfig({ ...quickPlan(), judge: judgePlan(changes) });

describe('the order of a judge’s program', () => {
  test('leads to both arms through their own Services, and marks the requests', () => {
    const { stable, canary } = configOf();
    expect(stable).toEqual({
      url: 'http://vllm.llm.svc:8000',
      model: null,
      headers: { 'x-sluice-judge': '1' },
    });
    expect(canary).toEqual({ ...stable, url: 'http://vllm-canary.llm.svc:8000' });
  });

  test('has the plan’s numbers', () => {
    const { criteria, sampling, concurrency, requestsPerSecond, noiseShare, sanityShare } = judgeDefaults;
    const numbers = { criteria, sampling, concurrency, requestsPerSecond, noiseShare, sanityShare };
    expect(configOf({ mostPrompts: 7, deadlineMs: 1000, model: 'llama' })).toMatchObject({
      ...numbers,
      mostPrompts: 7,
      deadlineMs: 1000,
      stable: { model: 'llama' },
      canary: { model: 'llama' },
    });
  });

  test('names prompts by file or address', () => {
    expect(configOf().prompts).toEqual({ file: '/prompts/prompts.jsonl' });
    const url = 'https://example.com/prompts.jsonl';
    expect(configOf({ prompts: { url } }).prompts).toEqual({ url });
  });

  test('says nothing of where the judge’s key is', () => {
    const apiKey = { secret: 'the-secret', key: 'the-key' };
    const endpoint = { url: 'http://judge.llm.svc:8000', model: 'judge-1', apiKey };
    const config = configOf({ endpoint });
    expect(config.judge).toEqual({ url: 'http://judge.llm.svc:8000', model: 'judge-1' });
    expect(JSON.stringify(config)).not.toMatch(/the-secret|the-key/);
  });

  test('without a judge’s model there are checkers alone', () => {
    expect(configOf({ endpoint: null }).judge).toBeNull();
  });

  test('keeps transcripts only where the plan does', () => {
    expect(configOf().transcripts).toBeNull();
    const s3 = { endpoint: 'https://s3.example.com', region: 'eu-1', bucket: 'llm-judge', prefix: 'a/' };
    const credentials = { secret: 'keys', accessKeyId: 'id', secretAccessKey: 'key' };
    expect(configOf({ transcripts: { s3: { ...s3, credentials }, keepMs: 5 } }).transcripts).toEqual({
      bucket: { endpoint: s3.endpoint, region: 'eu-1', name: 'llm-judge', prefix: 'a/' },
      keepMs: 5,
    });
    expect(configOf({ transcripts: { claim: 'kept', keepMs: 5 } }).transcripts).toEqual({
      folder: '/transcripts',
      keepMs: 5,
    });
  });
});
