import { describe, expect, test } from '@jest/globals';
import type { BucketPlan, JudgePlan } from '../../../src/domain/plan/judge-plan.ts';
import { checkPlan } from '../../../src/domain/plan/rules.ts';
import { planWith, problems } from './judge-told.ts';

/** Transcripts in a bucket that is good but for this. */
function inBucket(
  changes: Partial<BucketPlan>,
  names: Partial<BucketPlan['credentials']> = {},
): Partial<JudgePlan> {
  const credentials = { secret: 'keys', accessKeyId: 'id', secretAccessKey: 'key', ...names };
  const bucket = {
    endpoint: 'https://s3.example.com',
    region: 'eu-1',
    bucket: 'llm-judge',
    prefix: 'a/b.c/',
  };
  return { transcripts: { s3: { ...bucket, credentials, ...changes }, keepMs: 3_600_000 } };
}

describe('transcripts in a bucket', () => {
  const name = 'a name of a-z, 0-9, - and ., at most 253 characters, first and last of each part no -';
  const key = 'a key of letters, digits, -, _ and ., at most 253 characters';
  const bucketName = 'a bucket’s name of a-z, 0-9, - and ., 3 to 63 characters, first and last no - or .';
  const prefix =
    'nothing, or folders such as team/llama/ with a / at the end, of letters, digits, -, _ and ., at most 128 characters';

  test.each<[string, Partial<JudgePlan>, string]>([
    [
      'transcripts.s3.region',
      inBucket({ region: 'EU 1' }),
      'a region such as eu-central-1, of a-z, 0-9 and -, at most 63 characters',
    ],
    ['transcripts.s3.bucket', inBucket({ bucket: 'My_Bucket' }), bucketName],
    ['transcripts.s3.bucket', inBucket({ bucket: 'a..b' }), bucketName],
    ['transcripts.s3.bucket', inBucket({ bucket: 'ab' }), bucketName],
    ['transcripts.s3.prefix', inBucket({ prefix: 'llama' }), prefix],
    ['transcripts.s3.prefix', inBucket({ prefix: '/llama/' }), prefix],
    ['transcripts.s3.prefix', inBucket({ prefix: '../' }), prefix],
    ['transcripts.s3.credentials.secret', inBucket({}, { secret: 'A' }), name],
    ['transcripts.s3.credentials.accessKeyId', inBucket({}, { accessKeyId: 'a/b' }), key],
    ['transcripts.s3.credentials.secretAccessKey', inBucket({}, { secretAccessKey: '' }), key],
  ])('%s in %j', (path, judge, allowed) => {
    expect(problems(judge)).toEqual([`judgeTextsAreWellFormed judge.${path}: ${allowed}`]);
  });

  test('names the entry of its secret key, and is not that key', () => {
    // As AWS writes them; few have so few digits.
    const secretAccessKey = 'wJalrXUtnFEMI4K7MDENGbPxRfiCYEXAMPLEKEYs';
    expect(problems(inBucket({}, { secretAccessKey })).join()).toMatch(
      /^judgeKeysAreNamed .*secretAccessKey:/,
    );
  });

  test('names the entry of its key’s id, and is not that id', () => {
    for (const accessKeyId of ['AKIAIOSFODNN7EXAMPLE', '0123456789abcdef0123456789abcdef'])
      expect(problems(inBucket({}, { accessKeyId })).join()).toMatch(
        /^judgeKeysAreNamed judge\.transcripts\.s3\.credentials\.accessKeyId: the name of a Secret/,
      );
  });

  test.each(['s3://bucket', 'https://id:hunter2@s3.example.com', 'https://s3.example.com?x=1'])(
    '%s is no store',
    (url) => {
      expect(problems(inBucket({ endpoint: url }))).toEqual([
        'judgeUrlsAreUsable judge.transcripts.s3.endpoint: an http or https address without user, password or fragment, and without query',
      ]);
    },
  );

  test('a bucket as it should be is good', () => {
    expect(checkPlan(planWith(inBucket({})))).toEqual({ problems: [], warnings: [] });
    expect(problems(inBucket({ prefix: '', bucket: 'my.bucket-1' }))).toEqual([]);
  });
});
