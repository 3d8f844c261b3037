import { describe, expect, test } from '@jest/globals';
import { categoryAt, requestIn } from '../../../src/domain/prompts/logged-request.ts';

const asked = [{ role: 'user', content: 'Why is the sky blue?' }];
const body = { model: 'llama', messages: asked, temperature: 0.2 };

describe('the request in a line', () => {
  test.each<[string, unknown]>([
    ['a body of a chat completion', body],
    ['a body in a field', { time: 1, request: { method: 'POST', body } }],
    ['a body that is JSON in a text', { log: { body: JSON.stringify(body) } }],
    ['LiteLLM’s', { id: 'x', response: { choices: [] }, proxy_server_request: { url: '/v1', body } }],
    [
      'the request, not the answer',
      { response: { messages: [{ role: 'user', content: 'no' }] }, data: { kwargs: body } },
    ],
    ['the nearest to the top', { a: { b: { messages: [{ role: 'user', content: 'no' }] } }, c: body }],
    ['messages before a prompt', { prompt: 'no', ...body }],
    ['a prompt', { prompt: 'Why is the sky blue?' }],
    ['a list of one prompt', { body: { prompt: ['Why is the sky blue?'] } }],
    [
      'content in parts',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'Why is the sky blue?' }] }] },
    ],
    [
      'an answer that the log has added',
      { messages: [...asked, { role: 'assistant', content: 'Rayleigh.' }] },
    ],
  ])('%s', (_, line) => {
    expect(requestIn(line)).toEqual({ kind: 'prompt', messages: asked });
  });

  test('keeps the conversation before the last question, and knows developers', () => {
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
      { role: 'user', content: 'Why?', name: 'anna' },
    ];
    expect(requestIn({ messages })).toEqual({
      kind: 'prompt',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
        { role: 'user', content: 'Why?' },
      ],
    });
  });

  test.each<[string, unknown, string]>([
    ['no map', 'text', 'neither messages nor a prompt'],
    ['a health check', { method: 'GET', path: '/health' }, 'neither messages nor a prompt'],
    ['only an answer', { response: body }, 'neither messages nor a prompt'],
    ['deeper than any log has it', { a: { b: { c: { d: { e: body } } } } }, 'neither messages nor a prompt'],
    ['several prompts', { prompt: ['a', 'b'] }, 'a prompt that is no text'],
    ['tokens', { prompt: [1, 2] }, 'a prompt that is no text'],
    ['an empty prompt', { prompt: ' ' }, 'an empty message'],
    ['no messages', { messages: [] }, 'no message of a user'],
    ['no user', { messages: [{ role: 'system', content: 'x' }] }, 'no message of a user'],
    [
      'a picture',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'image_url' }] }] },
      'content that is no text',
    ],
    ['a tool’s answer', { messages: [...asked, { role: 'tool', content: '1' }] }, 'calls of tools'],
    [
      'a call of a tool',
      { messages: [...asked, { role: 'assistant', content: null, tool_calls: [] }] },
      'calls of tools',
    ],
    ['an unknown role', { messages: [{ role: 'robot', content: 'x' }] }, 'a message of an unknown role'],
    ['too long', { prompt: 'x'.repeat(100_001) }, 'a message of more than 100000 characters'],
    ['too many', { messages: Array.from({ length: 101 }, () => asked[0]) }, 'more than 100 messages'],
  ])('none in %s', (_, line, why) => {
    expect(requestIn(line)).toEqual({ kind: 'unusable', why });
  });
});

test.each<[unknown, string, string | null]>([
  [{ category: 'code' }, 'category', 'code'],
  [{ metadata: { team: ' a ' } }, 'metadata.team', 'a'],
  [{ metadata: '{"team": 7}' }, 'metadata.team', '7'],
  [{ metadata: { team: {} } }, 'metadata.team', null],
  [{ category: '' }, 'category', null],
  [{ category: 'x'.repeat(70) }, 'category', 'x'.repeat(64)],
  [{}, 'constructor.name', null],
])('the category of %j at %s is %j', (line, path, category) => {
  expect(categoryAt(line, path)).toBe(category);
});
