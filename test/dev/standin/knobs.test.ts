import { describe, expect, test } from '@jest/globals';
import {
  atOnce,
  change,
  chat,
  metrics,
  openStream,
  post,
  stuckAfterOneToken,
  textOf,
  until,
  wholeStream,
  withStandin,
  type Urls,
} from './client.ts';
import { valueOf } from './exposition.ts';

const question = 'What is 17 + 25?';

function gauge(standin: Urls, name: string): () => Promise<number> {
  return async () => valueOf(await metrics(standin), `vllm:${name}`);
}

describe('errors', () => {
  test.each([
    [500, 'InternalServerError', { http500PerThousand: 1000 }],
    [429, 'Too Many Requests', { http429PerThousand: 1000 }],
    [400, 'BadRequestError', { http400PerThousand: 1000 }],
  ])('status %i with the body of vLLM, streamed or not', (status, type, errors) =>
    withStandin({ behaviour: { ...atOnce, errors } }, async (standin) => {
      const answer = await chat(standin, question);
      expect(answer).toMatchObject({ status, error: { type, code: status } });
      const { response } = await openStream(standin, question);
      expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/json']);
      await response.text();
    }),
  );

  test('a streamed error has status 200, some tokens, an error event, then DONE', () =>
    withStandin({ behaviour: { ...atOnce, errors: { streamedPerThousand: 1000 } } }, async (standin) => {
      const stream = await openStream(standin, question);
      const events = await wholeStream(stream);
      expect(stream.response.status).toBe(200);
      expect(textOf(events)).not.toBe('');
      expect(events.slice(-2)).toEqual([
        { error: { message: 'Internal server error', type: 'InternalServerError', param: null, code: 500 } },
        '[DONE]',
      ]);
      const reasons = events.map((it) => (it === '[DONE]' ? null : (it.choices?.[0]?.finish_reason ?? null)));
      expect(new Set(reasons)).toEqual(new Set([null]));
    }));

  test('the same fault without a stream is status 500', () =>
    withStandin({ behaviour: { ...atOnce, errors: { streamedPerThousand: 1000 } } }, async (standin) => {
      expect(await chat(standin, question)).toMatchObject({
        status: 500,
        error: { type: 'InternalServerError' },
      });
    }));
});

describe('quality', () => {
  test.each([
    ['wrong', { wrongPerThousand: 1000 }, 'stop', /^17 \+ 25 = (?!42\b)\d+\./],
    ['cut', { cutPerThousand: 1000 }, 'length', /[^.]$/],
    ['repeated', { repeatedPerThousand: 1000 }, 'repetition', /^42( 42)+$/],
  ])('%s answers', (_name, quality, finish, text) =>
    withStandin({ behaviour: { ...atOnce, quality } }, async (standin) => {
      expect(await chat(standin, question)).toMatchObject({
        status: 200,
        finish,
        text: expect.stringMatching(text),
      });
    }),
  );
});

test('answers get as long as asked', () =>
  withStandin({ behaviour: { ...atOnce, answer: { meanTokens: 40, spreadTokens: 0 } } }, async (standin) => {
    expect((await chat(standin, question)).tokens).toBe(40);
  }));

describe('latency', () => {
  test('the first token does not come before its time, nor do those after it', () =>
    withStandin(
      {
        behaviour: {
          ttft: { medianMs: 30, p99Ms: 30 },
          interToken: { medianMs: 10, p99Ms: 10 },
          answer: { meanTokens: 5, spreadTokens: 0 },
        },
      },
      async (standin) => {
        const startMs = performance.now();
        const stream = await openStream(standin, question);
        await stream.events.next();
        expect(performance.now() - startMs).toBeGreaterThanOrEqual(30);
        await wholeStream(stream);
        expect(performance.now() - startMs).toBeGreaterThanOrEqual(70);
        const counts = await metrics(standin);
        expect(valueOf(counts, 'vllm:time_to_first_token_seconds_sum')).toBeGreaterThanOrEqual(0.03);
        expect(valueOf(counts, 'vllm:inter_token_latency_seconds_sum')).toBeGreaterThan(0);
        expect(valueOf(counts, 'vllm:inter_token_latency_seconds_count')).toBe(4);
      },
    ));

  test('the status of a stream is there before its first token', () =>
    withStandin({ behaviour: { ttft: { medianMs: 600_000, p99Ms: 600_000 } } }, async (standin) => {
      const stream = await openStream(standin, question);
      expect(stream.response.status).toBe(200);
      stream.leave();
    }));
});

describe('readiness', () => {
  test('not ready is 503 on /health while the API answers', () =>
    withStandin({}, async (standin) => {
      const health = async (): Promise<number> => (await fetch(`${standin.url}/health`)).status;
      expect(await health()).toBe(200);
      await change(standin, { ready: false });
      expect(await health()).toBe(503);
      expect((await chat(standin, question)).status).toBe(200);
      await change(standin, { ready: true });
      expect(await health()).toBe(200);
    }));

  test('the start-up delay is 503 on /health and the API until it is over', async () => {
    const events: string[] = [];
    const options = {
      behaviour: { ...atOnce, startupDelayMs: 600_000 },
      log: (it: { event: string }) => events.push(it.event),
    };
    await withStandin(options, async (standin) => {
      const { url } = standin;
      const statuses = async (): Promise<number[]> => {
        const models = await fetch(`${url}/v1/models`);
        return [(await fetch(`${url}/health`)).status, models.status, (await chat(standin, question)).status];
      };
      expect(await statuses()).toEqual([503, 503, 503]);
      expect((await chat(standin, question)).error).toMatchObject({ type: 'Service Unavailable', code: 503 });
      expect((await fetch(`${url}/metrics`)).status).toBe(200);
      expect(events).toEqual(['listening']);
      await change(standin, { startupDelayMs: 0 });
      expect(await statuses()).toEqual([200, 200, 200]);
      expect(events).toEqual(['listening', 'ready']);
    });
  });

  test('the start-up delay ends by itself', () =>
    withStandin({ behaviour: { ...atOnce, startupDelayMs: 50 } }, async ({ url }) => {
      const health = async (): Promise<number> => (await fetch(`${url}/health`)).status;
      await until(health, (status) => status === 200);
    }));
});

describe('capacity', () => {
  test('more requests than slots wait, are counted as waiting, and go in when one ends', () =>
    withStandin({ behaviour: { ...stuckAfterOneToken, capacity: { maxConcurrent: 1 } } }, async (standin) => {
      const running = await openStream(standin, question);
      await running.events.next();
      await change(standin, atOnce);
      const waiting = chat(standin, question);
      await until(gauge(standin, 'num_requests_waiting'), (value) => value === 1);
      expect(await gauge(standin, 'num_requests_running')()).toBe(1);
      running.leave();
      expect((await waiting).status).toBe(200);
      expect(await gauge(standin, 'num_requests_waiting')()).toBe(0);
      await until(gauge(standin, 'num_requests_running'), (value) => value === 0);
    }));

  test('a raised bound lets the waiting in', () =>
    withStandin({ behaviour: { ...stuckAfterOneToken, capacity: { maxConcurrent: 1 } } }, async (standin) => {
      const streams = [await openStream(standin, question), await openStream(standin, question)];
      await until(gauge(standin, 'num_requests_waiting'), (value) => value === 1);
      await change(standin, { capacity: { maxConcurrent: 2 } });
      expect(await gauge(standin, 'num_requests_running')()).toBe(2);
      for (const stream of streams) stream.leave();
    }));

  test('running requests fill the KV cache, and one too many waits', () =>
    withStandin(
      {
        behaviour: {
          ...stuckAfterOneToken,
          answer: { meanTokens: 16, spreadTokens: 0 },
          capacity: { kvCacheTokens: 40 },
        },
      },
      async (standin) => {
        const streams = [await openStream(standin, question), await openStream(standin, question)];
        await until(gauge(standin, 'num_requests_waiting'), (value) => value === 1);
        // 5 words and 4 of the template, and 16 to come.
        expect(await gauge(standin, 'kv_cache_usage_perc')()).toBeCloseTo(25 / 40, 9);
        for (const stream of streams) stream.leave();
        await until(gauge(standin, 'kv_cache_usage_perc'), (value) => value === 0);
      },
    ));
});

describe('a client that leaves', () => {
  test('in the middle of a stream frees its slot and is counted as vLLM does', () =>
    withStandin({ behaviour: stuckAfterOneToken }, async (standin) => {
      const stream = await openStream(standin, question);
      await stream.events.next();
      expect(await gauge(standin, 'num_requests_running')()).toBe(1);
      stream.leave();
      await until(gauge(standin, 'num_requests_running'), (value) => value === 0);
      const seen = await until(
        () => metrics(standin),
        (it) => valueOf(it, 'http_requests_total', { status: '2xx' }) === 1,
      );
      expect(valueOf(seen, 'vllm:generation_tokens_total')).toBe(1);
      expect(valueOf(seen, 'vllm:prompt_tokens_total')).toBe(9);
      expect(valueOf(seen, 'vllm:time_to_first_token_seconds_count')).toBe(1);
      expect(valueOf(seen, 'vllm:e2e_request_latency_seconds_count')).toBe(0);
      for (const reason of ['stop', 'length', 'abort', 'error', 'repetition']) {
        expect(valueOf(seen, 'vllm:request_success_total', { finished_reason: reason })).toBe(0);
      }
    }));

  test('while it waits for an answer that is not streamed frees its slot too', () =>
    withStandin({ behaviour: stuckAfterOneToken }, async (standin) => {
      const leaving = new AbortController();
      const body = { messages: [{ role: 'user', content: question }] };
      const answer = post(`${standin.url}/v1/chat/completions`, body, { signal: leaving.signal });
      const left = expect(answer).rejects.toThrow('abort');
      await until(gauge(standin, 'num_requests_running'), (value) => value === 1);
      leaving.abort();
      await left;
      await until(gauge(standin, 'num_requests_running'), (value) => value === 0);
    }));
});
