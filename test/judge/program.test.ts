/** The program of the Job itself: its environment, its termination message, its exit codes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { JudgeAnswer, JudgeFailure } from '../../src/domain/judge/answer.ts';
import { S3Fake } from './s3-fake.ts';
import { Stage, sums } from './stage.ts';

const main = fileURLToPath(new URL('../../src/judge/main.ts', import.meta.url));
const apiKey = 'sk-very-secret-key-0123456789';

let stage: Stage;
let file: string;
let answerFile: string;
beforeAll(async () => {
  stage = await Stage.open();
  file = await stage.prompts(sums(20));
  answerFile = path.join(stage.folder, 'termination-log');
});
beforeEach(async () => {
  await stage.set();
  await rm(answerFile, { force: true });
});
afterAll(() => stage.close());

interface Ended {
  readonly code: number | null;
  readonly message: JudgeAnswer | JudgeFailure;
  readonly output: string;
}

async function runProgram(env: Record<string, string>, signal?: NodeJS.Signals) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { SLUICE_JUDGE_ANSWER_FILE: answerFile, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let told = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      output += part;
      // Once: a second signal ends it without a word.
      if (signal !== undefined && !told && output.includes('"event":"started"')) told = child.kill(signal);
    });
  const ended = once(child, 'close');
  const [code] = (await ended) as [number | null];
  const message = JSON.parse(await readFile(answerFile, 'utf8')) as Ended['message'];
  return { code, message, output } satisfies Ended;
}

const configText = (changes: object = {}) => JSON.stringify({ ...stage.config(file), ...changes });

describe('the program of the Job', () => {
  test('writes an answer and exits with 0; the key is nowhere', async () => {
    await stage.set({ judge: { apiKey } });
    const transcripts = { folder: stage.folder, keepMs: 1000 };
    const { code, message, output } = await runProgram({
      SLUICE_JUDGE_CONFIG: configText({ transcripts }),
      SLUICE_JUDGE_API_KEY: apiKey,
      SLUICE_JUDGE_RUN: 'llama-p0-1',
    });
    expect({ code, message }).toMatchObject({
      code: 0,
      message: {
        version: 1,
        pairs: { ties: 20 },
        transcripts: expect.stringMatching(/^llama-p0-1-/) as unknown,
      },
    });
    expect(output).toContain('"event":"progress"');
    const reference = 'transcripts' in message ? (message.transcripts ?? '') : '';
    const transcript = await readFile(path.join(stage.folder, reference), 'utf8');
    expect(JSON.stringify([message, output, transcript])).not.toContain(apiKey);
  });

  test('takes keys as files have them, with a line break at the end', async () => {
    await stage.set({ judge: { apiKey } });
    const store = await S3Fake.start();
    try {
      const { message } = await runProgram({
        SLUICE_JUDGE_CONFIG: configText({ transcripts: { bucket: store.bucket, keepMs: 1000 } }),
        SLUICE_JUDGE_API_KEY: `${apiKey}\n`,
        SLUICE_JUDGE_S3_ACCESS_KEY_ID: 'judge-writer\n',
        SLUICE_JUDGE_S3_SECRET_ACCESS_KEY: 'not-to-be-read\n',
      });
      expect(message).toMatchObject({ pairs: { ties: 20 }, transcripts: expect.any(String) as unknown });
      expect(message).not.toHaveProperty('transcriptsProblem');
    } finally {
      await store.close();
    }
  });

  test.each([
    ['id', { SLUICE_JUDGE_S3_SECRET_ACCESS_KEY: 'not-to-be-read' }],
    ['secret', { SLUICE_JUDGE_S3_ACCESS_KEY_ID: 'judge-writer', SLUICE_JUDGE_S3_SECRET_ACCESS_KEY: '' }],
  ])('keeps no transcript in a bucket without a key’s %s, and says so', async (_part, keys) => {
    const bucket = { endpoint: 'http://127.0.0.1:9', region: 'us-east-1', name: 'judge', prefix: '' };
    const { message } = await runProgram({
      SLUICE_JUDGE_CONFIG: configText({ transcripts: { bucket, keepMs: 1000 } }),
      ...keys,
    });
    expect(message).toMatchObject({ transcriptsProblem: 'no transcript is kept: NoBucketKeys' });
  });

  test('exits with 0 whatever the answer says', async () => {
    await stage.set({ canary: { quality: { wrongPerThousand: 1000 } } });
    expect(await runProgram({ SLUICE_JUDGE_CONFIG: configText() })).toMatchObject({
      code: 0,
      message: { pairs: { losses: 20 } },
    });
  });

  test('says why it could not judge, and exits with 1', async () => {
    await stage.set({ judge: { apiKey: 'another' } });
    const ended = await runProgram({ SLUICE_JUDGE_CONFIG: configText(), SLUICE_JUDGE_API_KEY: apiKey });
    expect(ended).toMatchObject({ code: 1, message: { version: 1, failed: 'the judge answers HTTP 401' } });
    expect(JSON.stringify(ended)).not.toContain(apiKey);
  });

  test.each<[string, () => Record<string, string>, string]>([
    ['no config', () => ({}), 'SLUICE_JUDGE_CONFIG: '],
    [
      'a run that is no name',
      () => ({ SLUICE_JUDGE_CONFIG: configText(), SLUICE_JUDGE_RUN: '../x' }),
      'SLUICE_JUDGE_RUN must be',
    ],
    [
      'prompts that are not there',
      () => ({ SLUICE_JUDGE_CONFIG: configText({ prompts: { file: '/nowhere' } }) }),
      'prompts must be a file that can be read: found ENOENT',
    ],
  ])('exits with 2 on %s', async (_name, env, problem) => {
    const ended = await runProgram(env());
    expect(ended).toMatchObject({ code: 2, message: { version: 1 } });
    expect('failed' in ended.message ? ended.message.failed : '').toContain(problem);
  });

  test('ends at once when it is told to', async () => {
    await stage.set({ judge: { latencyMs: 60_000 } });
    const ended = await runProgram({ SLUICE_JUDGE_CONFIG: configText() }, 'SIGTERM');
    expect(ended).toMatchObject({ code: 1, message: { version: 1, failed: 'it was told to end' } });
  });
});
