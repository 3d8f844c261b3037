import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '../../../dev/cluster/wait.ts';
import { PrometheusClient } from '../../../src/adapters/prometheus/client.ts';
import { json, plain, silence, startFakePrometheus, vector, type FakePrometheus } from './fake-prometheus.ts';

const never = new AbortController().signal;

describe('the Prometheus client', () => {
  let fake: FakePrometheus;
  beforeEach(async () => {
    fake = await startFakePrometheus();
  });
  afterEach(() => fake.close());

  const ask = (client = new PrometheusClient(), expression = 'up', signal = never) =>
    client.query({ url: fake.url, expression }, signal);

  test('reads a vector, NaN and infinity included', async () => {
    fake.answer = json(
      vector([
        { metric: { a: 'x' }, value: '1.5e3' },
        { metric: {}, value: 'NaN' },
        { metric: {}, value: '+Inf' },
      ]),
    );
    expect(await ask()).toEqual({
      kind: 'vector',
      rows: [
        { labels: { a: 'x' }, value: 1500 },
        { labels: {}, value: NaN },
        { labels: {}, value: NaN },
      ],
    });
  });

  test('an empty vector is an answer', async () => {
    expect(await ask()).toEqual({ kind: 'vector', rows: [] });
  });

  test('a base address with a path keeps it', async () => {
    await new PrometheusClient().query({ url: `${fake.url}/metrics/prometheus/`, expression: 'up' }, never);
    expect(fake.asked[0]).toMatchObject({ path: '/metrics/prometheus/api/v1/query', query: 'up' });
  });

  const refusal = { status: 'error', errorType: 'bad_data', error: 'parse error' };
  test.each([
    { name: 'an error of its API', answer: json(refusal, 400), why: 'HTTP 400, bad_data: parse error' },
    { name: 'an error with status 200', answer: json(refusal), why: 'HTTP 200, bad_data: parse error' },
    { name: 'a proxy’s error page', answer: plain(502, '<html>'), why: 'HTTP 502 with something else' },
    {
      name: 'a body that is not JSON',
      answer: plain(200, '{"status":'),
      why: 'HTTP 200 with something else',
    },
    { name: 'JSON of another kind', answer: json({ status: 'success' }), why: 'something else .* at data' },
    {
      name: 'a value that is no number',
      answer: json(vector([{ metric: {}, value: 'many' }])),
      why: 'result.0.value.1',
    },
    {
      name: 'a part of the data',
      answer: json({ ...vector([]), warnings: ['store is down'] }),
      why: 'warnings: store is down',
    },
  ])('$name is a provider error', async ({ answer, why }) => {
    fake.answer = answer;
    expect(await ask()).toEqual({ kind: 'providerError', why: expect.stringMatching(why) });
  });

  test('a connection that breaks in the answer is a provider error', async () => {
    fake.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"status":', () => response.destroy());
    };
    expect(await ask()).toMatchObject({
      kind: 'providerError',
      why: expect.stringContaining('broken'),
    });
  });

  test('nobody listening is a provider error', async () => {
    await fake.close();
    expect(await ask()).toMatchObject({
      kind: 'providerError',
      why: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test.each([
    'prometheus:9090',
    'ftp://prometheus',
    '',
    'http://me:secret@prometheus:9090',
    'http://p/?token=secret',
  ])('the address %p is refused, and not repeated', async (url) => {
    const answer = await new PrometheusClient().query({ url, expression: 'up' }, never);
    expect(answer.kind).toBe('providerError');
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  test('no answer within the time is a provider error', async () => {
    fake.answer = silence;
    expect(await ask(new PrometheusClient({ timeoutMs: 100 }))).toEqual({
      kind: 'providerError',
      why: 'Prometheus: no answer within 0.1 s',
    });
  });

  test('an abort answers at once and ends the request', async () => {
    fake.answer = silence;
    const { signal, abort } = abortable();
    const answer = ask(new PrometheusClient(), 'up', signal);
    await waiting(1);
    abort();
    expect(await answer).toMatchObject({ kind: 'providerError' });
    await waiting(0);
  });

  test('an abort before the call sends nothing', async () => {
    expect(await ask(new PrometheusClient(), 'up', AbortSignal.abort())).toMatchObject({
      kind: 'providerError',
    });
    expect(fake.asked).toEqual([]);
  });

  test('the same question at the same time is asked once, and again later', async () => {
    const client = new PrometheusClient();
    const answers = await Promise.all([ask(client), ask(client), ask(client, 'other')]);
    expect(answers.map((it) => it.kind)).toEqual(['vector', 'vector', 'vector']);
    expect(fake.asked.map((it) => it.query).sort()).toEqual(['other', 'up']);
    await ask(client);
    expect(fake.asked).toHaveLength(3);
  });

  test('one of two callers that leaves does not take the answer from the other', async () => {
    fake.answer = silence;
    const client = new PrometheusClient();
    const { signal, abort } = abortable();
    const leaving = ask(client, 'up', signal);
    let release: () => void = () => undefined;
    fake.answer = (asked, response) => {
      release = () => {
        json(vector([]))(asked, response);
      };
    };
    const staying = ask(client);
    await waiting(1);
    abort();
    await leaving;
    release();
    expect(await staying).toEqual({ kind: 'vector', rows: [] });
    expect(fake.asked).toHaveLength(1);
  });

  test('who asks after the last caller left gets an answer of their own', async () => {
    fake.answer = silence;
    const client = new PrometheusClient();
    const { signal, abort } = abortable();
    const left = ask(client, 'up', signal);
    await waiting(1);
    abort();
    await left;
    fake.answer = json(vector([]));
    expect(await ask(client)).toEqual({ kind: 'vector', rows: [] });
  });

  test('one Prometheus gets a few queries at a time, the others wait for their turn', async () => {
    const held: (() => void)[] = [];
    fake.answer = (asked, response) => {
      held.push(() => {
        json(vector([]))(asked, response);
      });
    };
    const client = new PrometheusClient({ atATime: 2 });
    const answers = Promise.all(['a', 'b', 'c', 'd', 'e'].map((expression) => ask(client, expression)));
    for (let answered = 0; answered < 5; answered += 1) {
      const next = await waitFor('a query', () => Promise.resolve(held.shift()), { everyMs: 5 });
      next();
    }
    expect((await answers).map((it) => it.kind)).toEqual(Array(5).fill('vector'));
    expect(fake.waiting.most).toBe(2);
  });

  test('a query that waits for its turn too long gives up, and its turn goes to the next', async () => {
    fake.answer = silence;
    const client = new PrometheusClient({ atATime: 1, timeoutMs: 150 });
    const answers = await Promise.all(['a', 'b'].map((expression) => ask(client, expression)));
    expect(answers.map((it) => it.kind)).toEqual(['providerError', 'providerError']);
    expect(fake.asked.map((it) => it.query)).toEqual(['a']);
    fake.answer = json(vector([]));
    expect(await ask(client, 'c')).toEqual({ kind: 'vector', rows: [] });
  });

  function abortable() {
    const controller = new AbortController();
    return {
      signal: controller.signal,
      abort: () => {
        controller.abort();
      },
    };
  }

  async function waiting(count: number): Promise<void> {
    const seen = () => `${fake.waiting.now} waiting`;
    const look = () => Promise.resolve(fake.waiting.now === count ? true : undefined);
    await waitFor(`${count} queries to wait`, look, { timeoutMs: 5000, everyMs: 5, seen });
  }
});
