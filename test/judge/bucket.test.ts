import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openObject } from '../../src/judge/transcripts/bucket.ts';
import { S3Fake } from './s3-fake.ts';

const keys = { accessKeyId: 'id', secretAccessKey: 'secret' };
const name = 'run-0123456789ab-keep3600s.jsonl';
const key = `llama/${name}`;
const hour = 3_600_000;

let store: S3Fake;
beforeEach(async () => {
  store = await S3Fake.start();
});
afterEach(() => store.close());

const open = (writeEveryMs = 60_000, patienceMs = 10_000) =>
  openObject(store.bucket, keys, { name, tidyAtMs: Date.now() }, { writeEveryMs, patienceMs });

describe('an object of a bucket', () => {
  test('is there from the beginning, and whole in the end; lines alone are no reason to write it', async () => {
    const sheet = await open();
    expect(store.writes(key)).toEqual(['']);
    await sheet.append('1\n');
    await sheet.append('2\n');
    await sheet.close();
    expect(sheet.reference).toBe(`s3://judge/${key}`);
    expect(store.writes(key)).toEqual(['', '1\n2\n']);
  });

  test('is written again now and then, so that a Job that is killed leaves what it got to', async () => {
    const sheet = await open(0);
    const written = Promise.withResolvers<null>();
    store.before = () => {
      written.resolve(null);
      return null;
    };
    await sheet.append('1\n');
    await written.promise;
    expect(store.writes(key)).toEqual(['', '1\n']);
    await sheet.close();
  });

  test('has everything in the end, also where a write before is slow: that one does not come later', async () => {
    const sheet = await open(0);
    const begun = Promise.withResolvers<null>();
    const slow = Promise.withResolvers<null>();
    store.before = ({ text }) => {
      if (text !== '1\n') return null;
      begun.resolve(null);
      return slow.promise;
    };
    await sheet.append('1\n');
    await begun.promise;
    // No second one beside the first.
    await sheet.append('2\n');
    const closed = sheet.close();
    setTimeout(() => {
      slow.resolve(null);
    }, 50);
    await closed;
    expect(store.writes(key)).toEqual(['', '1\n', '1\n2\n']);
    expect(store.objects.get(key)?.text).toBe('1\n2\n');
  });

  test('may fail in between: what counts is the end', async () => {
    const sheet = await open(0);
    const refused = Promise.withResolvers<null>();
    store.before = () => {
      refused.resolve(null);
      return 'AccessDenied';
    };
    await sheet.append('1\n');
    await refused.promise;
    store.before = () => null;
    await sheet.append('2\n');
    await sheet.close();
    expect(store.objects.get(key)?.text).toBe('1\n2\n');

    const another = await open();
    store.before = () => 'AccessDenied';
    await expect(another.close()).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('is tried again when the store has an error', async () => {
    let errors = 0;
    store.before = ({ what }) => {
      errors += 1;
      return what.startsWith('PUT') && errors < 3 ? 'InternalError' : null;
    };
    await (await open()).close();
    expect(store.objects.get(key)?.text).toBe('');
  });

  test('removes those whose own time is over, on every page of the list, and nothing else', async () => {
    const put = (at: string, ageMs: number) =>
      store.objects.set(`llama/${at}`, { text: 'x', changedMs: Date.now() - ageMs });
    for (const at of ['a', 'b', 'c']) put(`${at}-0123456789ab-keep3600s.jsonl`, 2 * hour);
    put('d-0123456789ab-keep3600s.jsonl', 0.5 * hour);
    put('e-0123456789ab-keep36000s.jsonl', 2 * hour);
    put('f-0123456789ab.jsonl', 2 * hour);
    put('notes.jsonl', 2 * hour);
    await (await open()).close();
    expect([...store.objects.keys()].sort()).toEqual([
      'llama/d-0123456789ab-keep3600s.jsonl',
      'llama/e-0123456789ab-keep36000s.jsonl',
      'llama/f-0123456789ab.jsonl',
      'llama/notes.jsonl',
      key,
    ]);
  });

  test.each(['GET', `PUT ${key}`, 'DELETE llama/a-0123456789ab-keep3600s.jsonl'])(
    'is not begun where %s is forbidden',
    async (forbidden) => {
      store.objects.set('llama/a-0123456789ab-keep3600s.jsonl', { text: 'x', changedMs: 0 });
      store.before = ({ what }) => (what === forbidden ? 'AccessDenied' : null);
      await expect(open()).rejects.toMatchObject({ name: 'AccessDenied' });
      expect(store.objects.has(key)).toBe(false);
    },
  );

  test('is begun although there was no time to remove all of the others: the next Job goes on with them', async () => {
    const slow = Promise.withResolvers<null>();
    store.before = ({ what }) => (what === 'GET' ? slow.promise : null);
    await (await open(60_000, 200)).close();
    slow.resolve(null);
    expect(store.objects.has(key)).toBe(true);
  });

  test('is not begun where the store does not answer', async () => {
    const never = Promise.withResolvers<null>();
    store.before = () => never.promise;
    await expect(open(60_000, 200)).rejects.toMatchObject({ name: 'StoreTimeout' });
    never.resolve(null);
  });

  test('needs keys', async () => {
    const order = { name, tidyAtMs: 0 };
    await expect(openObject(store.bucket, null, order)).rejects.toMatchObject({ name: 'NoBucketKeys' });
    expect(store.asked).toEqual([]);
  });
});
