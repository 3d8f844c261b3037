import { chmod, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { armsPairsOf } from '../support/transcript-lines.ts';
import { S3Fake } from './s3-fake.ts';
import { answerOf, run, Stage, sums } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
beforeEach(() => stage.set());
afterAll(() => stage.close());

describe('transcripts', () => {
  test('hold every pair, with personal data masked, for the owner alone', async () => {
    const lines = [...sums(20), { id: 'anna', prompt: 'Write to anna@mail.example, 10.0.0.7' }];
    const file = await stage.prompts(lines);
    const transcripts = { folder: stage.folder, keepMs: 1000 };
    const answer = answerOf(await run(stage.config(file, { transcripts }), { run: 'llama-p1-1' }));
    const name = answer.transcripts ?? '';
    expect(name).toBe(`llama-p1-1-${answer.prompts?.sha256.slice(0, 12) ?? ''}-keep1s.jsonl`);
    const written = path.join(stage.folder, name);
    expect((await stat(written)).mode & 0o777).toBe(0o600);
    const text = await readFile(written, 'utf8');
    expect(text).not.toContain('anna@mail.example');
    expect(text).not.toContain('10.0.0.7');
    const pairs = armsPairsOf(text);
    expect(pairs).toHaveLength(21);
    const anna = pairs.find((it) => it.id === 'anna');
    expect(anna?.messages[0]?.content).toBe('Write to [email], [ip]');
    expect(anna?.votes).toHaveLength(2);
    expect(anna?.judgement?.winner).toBe('tie');
    const sum = pairs.find((it) => it.id === 'sum-3');
    expect(sum?.answers.stable).toContain('3 + 25 = 28.');
  });

  test('a second run of the same name begins anew; those whose own time is over go, others stay', async () => {
    const file = await stage.prompts(sums(4));
    const old = 'a-0123456789ab-keep9000s.jsonl';
    const others = ['a-0123456789ab-keep11000s.jsonl', 'a-0123456789ab.jsonl', 'notes.txt'];
    const longAgo = new Date(Date.now() - 10_000_000);
    for (const name of [old, ...others]) {
      await writeFile(path.join(stage.folder, name), 'x');
      await utimes(path.join(stage.folder, name), longAgo, longAgo);
    }
    const transcripts = { folder: stage.folder, keepMs: 1_000_000 };
    const first = answerOf(await run(stage.config(file, { transcripts })));
    const written = path.join(stage.folder, first.transcripts ?? '');
    await chmod(written, 0o644);
    const second = answerOf(await run(stage.config(file, { transcripts })));
    expect(second.transcripts).toBe(first.transcripts);
    const names = await readdir(stage.folder);
    expect(names).not.toContain(old);
    expect(names).toEqual(expect.arrayContaining(others));
    expect((await stat(written)).mode & 0o777).toBe(0o600);
    const text = await readFile(written, 'utf8');
    expect(armsPairsOf(text)).toHaveLength(4);
  });

  test('that are kept for ever leave all others alone', async () => {
    const old = path.join(stage.folder, 'a-0123456789ab-keep1s.jsonl');
    await writeFile(old, 'x');
    await utimes(old, 1, 1);
    const transcripts = { folder: stage.folder, keepMs: null };
    const answer = answerOf(await run(stage.config(await stage.prompts(sums(4)), { transcripts })));
    expect(answer.transcripts).toMatch(/^run-[0-9a-f]{12}\.jsonl$/);
    expect(await readFile(old, 'utf8')).toBe('x');
  });

  test('in a bucket are the same, and its secret key is not in them', async () => {
    const store = await S3Fake.start();
    try {
      const keys = { accessKeyId: 'judge-writer', secretAccessKey: 'not-to-be-read' };
      const file = await stage.prompts([{ id: 'keys', prompt: 'Is it judge-writer or not-to-be-read?' }]);
      const transcripts = { bucket: store.bucket, keepMs: 1000 };
      const ran = await run(stage.config(file, { transcripts }), { run: 'llama-p1-1', bucketKeys: keys });
      const { transcripts: reference = '' } = answerOf(ran);
      expect(reference).toMatch(/^s3:\/\/judge\/llama\/llama-p1-1-[0-9a-f]{12}-keep1s\.jsonl$/);
      const { text } = store.objects.get(reference.slice('s3://judge/'.length)) ?? { text: '' };
      expect(armsPairsOf(text)[0]?.messages[0]?.content).toBe('Is it judge-writer or [secret]?');
    } finally {
      await store.close();
    }
  });

  test('whose end a store does not take are told of with that', async () => {
    const store = await S3Fake.start();
    try {
      const keys = { accessKeyId: 'id', secretAccessKey: 'secret' };
      store.before = ({ text }) => (text === '' ? null : 'SlowDown');
      const transcripts = { bucket: store.bucket, keepMs: 1000 };
      const config = stage.config(await stage.prompts(sums(4)), { transcripts });
      const ran = await run(config, { bucketKeys: keys });
      expect(answerOf(ran)).toMatchObject({
        pairs: { ties: 4 },
        transcripts: expect.stringMatching(/^s3:/) as unknown,
        transcriptsProblem: 'the transcript may lack its end: SlowDown',
      });
      expect(ran.warnings).toEqual(['the transcript may lack its end: SlowDown']);
    } finally {
      await store.close();
    }
  });

  test('where none can be kept, judging goes on and says so', async () => {
    const file = await stage.prompts(sums(4));
    const transcripts = { folder: path.join(stage.folder, 'missing'), keepMs: 1000 };
    const ran = await run(stage.config(file, { transcripts }));
    expect(answerOf(ran)).not.toHaveProperty('transcripts');
    expect(answerOf(ran).transcriptsProblem).toBe('no transcript is kept: ENOENT');
    expect(ran.warnings).toEqual(['no transcript is kept: ENOENT']);
  });
});
