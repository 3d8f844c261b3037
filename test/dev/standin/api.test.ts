import { describe, expect, test } from '@jest/globals';
import { atOnce, change, chat, openStream, post, textOf, wholeStream, withStandin } from './client.ts';

const fixedLength = { ...atOnce, answer: { meanTokens: 5, spreadTokens: 0 } };

describe('answers', () => {
  test('a chat completion has the shape of vLLM', () =>
    withStandin({ behaviour: fixedLength }, async ({ url }) => {
      const messages = [{ role: 'user', content: 'What is 17 + 25?' }];
      const response = await post(`${url}/v1/chat/completions`, { messages });
      expect(await response.json()).toEqual({
        id: expect.stringMatching(/^chatcmpl-[0-9a-f]{32}$/),
        object: 'chat.completion',
        created: expect.any(Number),
        model: 'tiny',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: '17 + 25 = 42.', refusal: null },
            logprobs: null,
            finish_reason: 'stop',
            stop_reason: null,
          },
        ],
        usage: { prompt_tokens: 9, total_tokens: 14, completion_tokens: 5, prompt_tokens_details: null },
      });
    }));

  test('a completion has the shape of vLLM, streamed too', () =>
    withStandin({ behaviour: fixedLength }, async ({ url }) => {
      const whole = await post(`${url}/v1/completions`, { prompt: '1 + 1', max_tokens: 3 });
      expect(await whole.json()).toMatchObject({
        object: 'text_completion',
        choices: [{ index: 0, text: '1 + 1', finish_reason: 'length' }],
        usage: { prompt_tokens: 3, completion_tokens: 3 },
      });
      const streamed = await post(`${url}/v1/completions`, { prompt: '1 + 1', max_tokens: 1, stream: true });
      expect(await streamed.text()).toMatch(
        /^data: {"id":"cmpl-\w+","object":"text_completion",.*"choices":\[{"index":0,"text":"1","logprobs":null,"finish_reason":"length","stop_reason":null}]}\n\ndata: \[DONE]\n\n$/,
      );
    }));

  test('a streamed chat says its role, one event per token, the reason with the last, the counts if asked, and DONE', () =>
    withStandin({ behaviour: fixedLength }, async (standin) => {
      const more = { stream_options: { include_usage: true } };
      const stream = await openStream(standin, 'What is 17 + 25?', more);
      expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      const events = await wholeStream(stream);
      expect(events[0]).toMatchObject({ choices: [{ delta: { role: 'assistant' }, finish_reason: null }] });
      expect(textOf(events)).toBe('17 + 25 = 42.');
      expect(events.map((it) => (it === '[DONE]' ? it : it.choices?.[0]?.finish_reason))).toEqual([
        null,
        null,
        null,
        null,
        null,
        'stop',
        undefined,
        '[DONE]',
      ]);
      expect(events.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: 5 } });
      expect(await wholeStream(await openStream(standin, 'What is 17 + 25?'))).toHaveLength(7);
    }));
});

describe('refusals', () => {
  test.each([
    ['no messages', '{}', 400, 'Bad Request', 'body.messages'],
    ['bad JSON', '{', 400, 'Bad Request', 'body'],
    ['no body', '', 400, 'Bad Request', 'body'],
    [
      'another model',
      '{"model":"big","messages":[{"role":"user","content":"x"}]}',
      404,
      'NotFoundError',
      'model',
    ],
  ])('%s', (_name, body, status, type, param) =>
    withStandin({ arm: 'canary' }, async ({ url }) => {
      const response = await post(`${url}/v1/chat/completions`, body);
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({
        error: { message: expect.any(String), type, param, code: status },
      });
      expect(response.headers.get('x-sluice-arm')).toBe('canary');
      expect(response.headers.get('x-sluice-pod')).toBe('pod-1');
    }),
  );

  test('an unknown route is 404 and a wrong method 405, in the same shape', () =>
    withStandin({}, async ({ url }) => {
      const unknown = await fetch(`${url}/v2`);
      expect([unknown.status, await unknown.json()]).toMatchObject([
        404,
        { error: { type: 'Not Found', code: 404 } },
      ]);
      const wrong = await fetch(`${url}/v1/chat/completions`);
      expect([wrong.status, await wrong.json()]).toMatchObject([405, { error: { code: 405 } }]);
    }));
});

test('every kind of answer says which arm and pod gave it', () =>
  withStandin({ arm: 'canary' }, async ({ url }) => {
    const answers = [
      await post(`${url}/v1/chat/completions`, { messages: [{ role: 'user', content: 'x' }] }),
      await post(`${url}/v1/completions`, { prompt: 'x', stream: true }),
      await fetch(`${url}/health`),
      await fetch(`${url}/metrics`),
      await fetch(`${url}/nowhere`),
    ];
    for (const { headers } of answers) {
      expect([headers.get('x-sluice-arm'), headers.get('x-sluice-pod')]).toEqual(['canary', 'pod-1']);
    }
    await Promise.all(answers.map((it) => it.text()));
  }));

test('the version and the model are those it was started with', () =>
  withStandin({ version: '0.33.1' }, async ({ url }) => {
    expect(await (await fetch(`${url}/version`)).json()).toEqual({ version: '0.33.1' });
    expect(await (await fetch(`${url}/v1/models`)).json()).toMatchObject({
      object: 'list',
      data: [{ id: 'tiny', object: 'model', owned_by: 'vllm' }],
    });
  }));

describe('the admin calls', () => {
  const send = (url: string, method: string, body: string): Promise<Response> => fetch(url, { method, body });

  test('GET shows, PATCH lays over, PUT starts from the defaults', () =>
    withStandin({ behaviour: { seed: 3 } }, async ({ adminUrl }) => {
      const url = `${adminUrl}/behaviour`;
      const patched = await (await send(url, 'PATCH', '{"errors":{"http500PerThousand":5}}')).json();
      expect(patched).toMatchObject({ seed: 3, errors: { http500PerThousand: 5, http429PerThousand: 0 } });
      expect(await (await fetch(url)).json()).toEqual(patched);
      const replaced = await (await send(url, 'PUT', '{"ready":false}')).json();
      expect(replaced).toMatchObject({ seed: 3, ready: false, errors: { http500PerThousand: 0 } });
    }));

  test.each([
    ['PATCH', '{"errors":{"http500PerThousand":5000}}', 'behaviour.errors.http500PerThousand must be'],
    ['PUT', '{"errors":{"http5":5}}', 'behaviour.errors has no field http5 (found 5)'],
    ['PATCH', '{', 'JSON decode error'],
  ])('%s %s is refused and changes nothing', (method, body, problem) =>
    withStandin({}, async ({ adminUrl }) => {
      const url = `${adminUrl}/behaviour`;
      const before = await (await fetch(url)).text();
      const response = await send(url, method, body);
      expect([response.status, await response.json()]).toEqual([
        400,
        {
          error: 'The behaviour was not changed',
          problems: expect.arrayContaining([expect.stringContaining(problem)]),
        },
      ]);
      expect(await (await fetch(url)).text()).toBe(before);
    }),
  );

  test('they are not on the port of the API', () =>
    withStandin({}, async ({ url }) => {
      expect((await fetch(`${url}/behaviour`)).status).toBe(404);
    }));

  test('a change applies to the next request', () =>
    withStandin({}, async (standin) => {
      await change(standin, { errors: { http429PerThousand: 1000 } });
      expect((await chat(standin, 'x')).status).toBe(429);
      await change(standin, { errors: { http429PerThousand: 0 } });
      expect((await chat(standin, 'x')).status).toBe(200);
    }));
});
