import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { judgeAnswerSchema } from '../../schema/generate.ts';
import { Answer } from '../../src/adapters/kubernetes/judge/answer-schema.ts';
import { readAnswer, readReason } from '../../src/adapters/kubernetes/judge/read-answer.ts';
import { answer } from './objects.ts';

const read = (changes: object) => readAnswer(JSON.stringify({ ...answer, ...changes }));
const why = (message: string | undefined) => {
  const state = readAnswer(message);
  return state.kind === 'failed' ? state.why : JSON.stringify(state);
};
const whyNot = (changes: object) => why(JSON.stringify({ ...answer, ...changes }));

describe('schema/judge-answer.schema.json', () => {
  test('is what schema/generate.ts writes', async () => {
    expect(await readFile(judgeAnswerSchema.file, 'utf8')).toBe(await judgeAnswerSchema.text());
  });

  test('takes an answer, and refuses one without pairs', () => {
    const schema = z.fromJSONSchema(z.toJSONSchema(Answer, { io: 'input' }));
    expect(schema.safeParse(answer).error).toBeUndefined();
    expect(schema.safeParse({ ...answer, pairs: undefined }).success).toBe(false);
  });
});

describe('a judge’s answer', () => {
  test('is read whole', () => {
    expect(readAnswer(JSON.stringify(answer))).toEqual({ kind: 'answered', answer });
  });

  test('need say no more than its version and the pairs', () => {
    const least = { version: 1, pairs: { wins: 3, losses: 2, ties: 0 } };
    expect(readAnswer(JSON.stringify(least))).toEqual({ kind: 'answered', answer: least });
  });

  test('may say more: what nobody knows does not get into the history', () => {
    expect(read({ transcript: 'secret', trust: { ...answer.trust, note: 'secret' } })).toEqual({
      kind: 'answered',
      answer,
    });
  });

  test.each([
    ['nothing', undefined, 'it wrote nothing to its termination message'],
    ['white space', ' \n', 'it wrote nothing to its termination message'],
    ['text', 'Traceback: key sk-123', 'its termination message is no JSON (21 bytes)'],
    ['a cut answer', 'x'.repeat(4096), 'is no JSON (4096 bytes, where Kubernetes cuts it)'],
    [
      'too much',
      JSON.stringify({ ...answer, more: 'ä'.repeat(2100) }),
      'must have at most 4096 bytes: it has',
    ],
    ['a list', '[]', 'its answer is none: the whole must be a map: found a list'],
    ['null', 'null', 'the whole must be a map: found null'],
    ['a number', '7', 'the whole must be a map: found 7'],
  ])('that is %s is none', (_, message, expected) => {
    expect(why(message)).toContain(expected);
  });

  const { pairs, trust } = answer;
  const { scores } = pairs;
  test.each<[string, object, string]>([
    ['another version', { version: 2 }, 'version must be 1: found 2'],
    ['no pairs', { pairs: undefined }, 'pairs must be a map: found nothing'],
    [
      'counts below 0',
      { pairs: { ...pairs, wins: -1 } },
      'pairs.wins must be a whole number of at least 0: found -1',
    ],
    [
      'counts with a fraction',
      { pairs: { ...pairs, ties: 0.5 } },
      'pairs.ties must be a whole number of at least 0: found 0.5',
    ],
    [
      'counts as text',
      { pairs: { ...pairs, losses: 'sk-123' } },
      'pairs.losses must be a whole number of at least 0: found a text',
    ],
    [
      'numbers that are none',
      { pairs: { ...pairs, scores: { ...scores, covariance: null } } },
      'pairs.scores.covariance must be a number: found null',
    ],
    [
      'a mean beyond 1',
      { pairs: { ...pairs, scores: { ...scores, canary: { mean: 3.2, variance: 0.1 } } } },
      'pairs.scores.canary.mean must be a number from 0 to 1: found 3.2',
    ],
    [
      'a variance below 0',
      { pairs: { ...pairs, scores: { ...scores, stable: { mean: 0.5, variance: -0.1 } } } },
      'pairs.scores.stable.variance must be a number from 0 to 0.5: found -0.1',
    ],
    [
      'a covariance that no such variances have',
      { pairs: { ...pairs, scores: { ...scores, covariance: 0.4 } } },
      'pairs.scores.covariance must be at most the root of both variances’ product: found 0.4',
    ],
    [
      'more scores than pairs',
      { pairs: { ...pairs, scores: { ...scores, count: 101 } } },
      'pairs.scores.count must be at most wins, losses and ties together: found 101',
    ],
    [
      'scores of nothing',
      { noise: { wins: 0, losses: 0, ties: 0, scores: { ...scores, count: 0 } } },
      'noise.scores.count must be at least 1, or scores left out: found 0',
    ],
    [
      'more right than asked',
      { trust: { ...trust, identical: { asked: 2, right: 3 } } },
      'trust.identical.right must be at most asked: found 3',
    ],
    [
      'more votes for the first than votes',
      { trust: { ...trust, order: { decided: 2, first: 3 } } },
      'trust.order.first must be at most decided: found 3',
    ],
    [
      'more lost than asked',
      { trust: { ...trust, asked: 2 } },
      'trust.lost must be at most asked, together: found a map',
    ],
    [
      'no hash',
      { prompts: { name: 'set', sha256: 'abc', count: 1 } },
      'prompts.sha256 must be 64 hex digits: found a text',
    ],
    [
      'a text without end',
      { transcripts: 'x'.repeat(301) },
      'transcripts must be a text of at most 300 characters: found a text',
    ],
  ])('with %s is none, and says which field', (_, changes, expected) => {
    expect(whyNot(changes)).toBe(`its answer is none: ${expected}`);
  });

  test('with much that is wrong tells the first three', () => {
    const told = whyNot({ pairs: { wins: -1, losses: -1, ties: -1 }, version: 0, transcripts: 5 });
    expect(told.match(/must be/g)).toHaveLength(3);
  });

  test.each(['NaN', 'Infinity', '-Infinity'])('with %s is no JSON', (number) => {
    expect(why(`{"version":1,"pairs":{"wins":${number},"losses":1,"ties":1}}`)).toContain('is no JSON');
  });

  test('with a number too large for one is none', () => {
    expect(why('{"version":1,"pairs":{"wins":1e999,"losses":1,"ties":1}}')).toContain(
      'pairs.wins must be a whole number of at least 0: found Infinity',
    );
  });
});

describe('a judge that gave up', () => {
  test('is failed for its own reason, also with exit code 0', () => {
    const message = JSON.stringify({ version: 1, failed: 'the model\n answers 401' });
    expect(why(message)).toBe('the judge gave up: the model answers 401');
  });

  test('has 300 characters for it', () => {
    const message = JSON.stringify({ version: 1, failed: 'x'.repeat(400) });
    expect(why(message)).toBe(`the judge gave up: ${'x'.repeat(300)}…`);
  });

  test.each([undefined, 'Traceback', '{"version":1}', '{"version":2,"failed":"so"}'])(
    'gives no reason by %j',
    (message) => {
      expect(readReason(message)).toBeNull();
    },
  );
});
