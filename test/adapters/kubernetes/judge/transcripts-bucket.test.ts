import { chown, readdir, readFile, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { BucketPlan } from '../../../../src/domain/plan/judge-plan.ts';
import { ObjectStore } from '../../../support/object-store.ts';
import { expectWhole, nameOf, TranscriptStage } from './transcript-stage.ts';

const hour = 3_600_000;

describe('transcripts in a bucket', () => {
  let stage: TranscriptStage;
  let store: ObjectStore;
  /** Of the objects that begin with `llama/`. */
  let folder: string;

  beforeAll(async () => {
    stage = await TranscriptStage.open('bucket');
    store = await ObjectStore.deploy(stage.it);
    folder = path.join(store.folder, 'llama');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(async () => {
    await stage.close();
    await store.removeFiles();
  });

  const judged = (changes: Partial<BucketPlan> = {}) =>
    stage.judged({ s3: { ...store.bucket('llama/'), ...changes }, keepMs: hour });

  test('are where the answer says, with every pair, without what is personal or secret', async () => {
    const ended = await judged();
    const name = nameOf(ended);
    expect(ended.answer.transcripts).toBe(`s3://llm-judge/llama/${name}`);
    expect(await readdir(folder)).toEqual([name]);
    expectWhole(await readFile(path.join(folder, name), 'utf8'));
    expect(JSON.stringify(ended)).not.toContain(store.secretAccessKey);
  });

  test('that are older than their plan keeps them are removed by the next Job, and nothing else is', async () => {
    const [old, another] = ['old-0123456789ab-keep3600s.jsonl', 'another-0123456789ab-keep7200s.jsonl'];
    const others = ['notes.txt', 'deeper/old-0123456789ab-keep3600s.jsonl'];
    await store.put(...[old, another, ...others].map((name) => `llama/${name}`));
    const then = new Date(Date.now() - 1.1 * hour);
    for (const name of [old, another, ...others]) await utimes(path.join(folder, name), then, then);

    const name = nameOf(await judged());
    const left = (await readdir(folder, { recursive: true })).sort();
    expect(left).toEqual(['deeper', another, name, ...others].sort());
  });

  test('that cannot be kept say why, and the Job answers all the same', async () => {
    const nowhere = await judged({ bucket: 'not-there' });
    expect(nowhere.answer).not.toHaveProperty('transcripts');
    stage.expectJudged(nowhere);
    expect(nowhere.answer.transcriptsProblem).toBe('no transcript is kept: NoSuchBucket');
    expect(nowhere.log).toContain('no transcript is kept: NoSuchBucket');

    const unknown = await judged({
      credentials: { secret: 'object-store', accessKeyId: 'id', secretAccessKey: 'id' },
    });
    stage.expectJudged(unknown);
    expect(unknown.answer.transcriptsProblem).toBe('no transcript is kept: SignatureDoesNotMatch');

    await store.put('llama/notes.txt');
    await chown(folder, 0, 0);
    const forbidden = await judged();
    stage.expectJudged(forbidden);
    expect(forbidden.answer.transcriptsProblem).toMatch(/^no transcript is kept: \w+$/);
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });
});
