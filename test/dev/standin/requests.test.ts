import { describe, expect, test } from '@jest/globals';
import { parseChat, parseCompletion } from '../../../dev/standin/requests.ts';

const user = (content: unknown) => ({ role: 'user', content });

describe('parseChat', () => {
  test('the question is the last message of the user', () => {
    const messages = [
      user('first'),
      { role: 'assistant', content: 'no' },
      user('the last one'),
      { role: 'system', content: 'x' },
    ];
    expect(parseChat({ messages, seed: 5, temperature: 0 }, 'tiny')).toEqual({
      kind: 'ok',
      request: {
        prompt: 'the last one',
        promptTokens: 4 * 4 + 6,
        maxTokens: undefined,
        stream: false,
        includeUsage: false,
      },
    });
  });

  test('content in parts is joined', () => {
    const messages = [
      user([
        { type: 'text', text: 'What is' },
        { type: 'text', text: '1 + 1' },
      ]),
    ];
    expect(parseChat({ messages }, 'tiny')).toMatchObject({ request: { prompt: 'What is 1 + 1' } });
  });

  test.each([
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 6 }, 6],
    [{ max_tokens: 5, max_completion_tokens: 6 }, 6],
    [{ max_tokens: null }, undefined],
  ])('%j bounds the answer to %p', (given, maxTokens) => {
    expect(parseChat({ messages: [user('x')], ...given }, 'tiny')).toMatchObject({ request: { maxTokens } });
  });

  test.each([
    ['no messages', {}, 400, 'Bad Request', 'body.messages', 'body.messages: Field required'],
    ['empty messages', { messages: [] }, 400, 'Bad Request', 'body.messages', 'body.messages: '],
    [
      'a message without role',
      { messages: [{}] },
      400,
      'Bad Request',
      'body.messages.0.role',
      'Field required',
    ],
    ['no object', [], 400, 'Bad Request', 'body', '1 validation error:'],
    ['nothing', undefined, 400, 'Bad Request', 'body', 'Field required'],
    ['another model', { model: 'big' }, 404, 'NotFoundError', 'model', 'The model `big` does not exist.'],
    [
      'max_tokens 0',
      { max_tokens: 0 },
      400,
      'BadRequestError',
      'max_tokens',
      'max_tokens must be at least 1, got 0.',
    ],
    ['n 2', { n: 2 }, 400, 'BadRequestError', 'n', 'got 2'],
    [
      'temperature -1',
      { temperature: -1 },
      400,
      'BadRequestError',
      'temperature',
      'must be non-negative, got -1',
    ],
    [
      'stream options without a stream',
      { stream_options: { include_usage: true } },
      400,
      'BadRequestError',
      'stream_options',
      'Stream options can only be defined when `stream=True`.',
    ],
  ])('%s is refused', (_name, given, status, type, param, message) => {
    const complete = !('messages' in Object(given)) && ['NotFoundError', 'BadRequestError'].includes(type);
    const body = complete ? { messages: [user('x')], ...(given as object) } : given;
    expect(parseChat(body, 'tiny')).toEqual({
      kind: 'refused',
      status,
      body: { error: { code: status, type, param, message: expect.stringContaining(message) } },
    });
  });
});

describe('parseCompletion', () => {
  test('a text prompt is counted in words', () => {
    expect(parseCompletion({ model: 'tiny', prompt: ' What is 1 + 1? ' }, 'tiny')).toMatchObject({
      request: { prompt: ' What is 1 + 1? ', promptTokens: 5 },
    });
  });

  test('a prompt of token numbers is counted by them', () => {
    expect(parseCompletion({ prompt: [5, 6, 7] }, 'tiny')).toMatchObject({ request: { promptTokens: 3 } });
  });

  test('a missing prompt is refused', () => {
    expect(parseCompletion({}, 'tiny')).toMatchObject({
      status: 400,
      body: { error: { param: 'body.prompt' } },
    });
  });
});
