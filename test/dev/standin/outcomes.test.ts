/** What a known set of requests brings about: the same on every server of one seed, and counted as vLLM counts. */
import { expect, test } from '@jest/globals';
import type { BehaviourPatch } from '../../../dev/standin/behaviour.ts';
import {
  atOnce,
  change,
  chat,
  metrics,
  openStream,
  until,
  wholeStream,
  withStandin,
  type Urls,
} from './client.ts';
import { valueOf } from './exposition.ts';

const mixed: BehaviourPatch = {
  ...atOnce,
  seed: 11,
  errors: { http500PerThousand: 50, http429PerThousand: 50, http400PerThousand: 50, streamedPerThousand: 50 },
  quality: { wrongPerThousand: 100, cutPerThousand: 100, repeatedPerThousand: 100 },
};

async function outcome(standin: Urls): Promise<string> {
  const { status, finish, text } = await chat(standin, 'What is 17 + 25?');
  return [status, finish, text].join(' ');
}

async function oneByOne(standin: Urls, count: number): Promise<string[]> {
  const outcomes: string[] = [];
  while (outcomes.length < count) outcomes.push(await outcome(standin));
  return outcomes;
}

test('two servers of one seed bring about the same, request by request', async () => {
  const runs: string[][] = [];
  for (const pod of ['a', 'b']) {
    await withStandin({ pod, behaviour: mixed }, async (standin) => {
      runs.push(await oneByOne(standin, 100));
    });
  }
  expect(runs[0]).toEqual(runs[1]);
  expect(new Set(runs[0]?.map((it) => it.split(' ').slice(0, 2).join(' ')))).toEqual(
    new Set(['200 stop', '200 length', '200 repetition', '500 ', '429 ', '400 ']),
  );
});

test('requests at once bring about the same set as one by one, and naming the seed starts anew', () =>
  withStandin({ behaviour: mixed }, async (standin) => {
    const alone = await oneByOne(standin, 60);
    await change(standin, { seed: 11, ttft: { medianMs: 2, p99Ms: 20 } });
    const together = await Promise.all(Array.from({ length: 60 }, () => outcome(standin)));
    expect(together.sort()).toEqual(alone.sort());
    await change(standin, { seed: 12 });
    expect((await oneByOne(standin, 60)).sort()).not.toEqual(alone);
  }));

test('a known set of requests is counted as vLLM counts it', () =>
  withStandin({ behaviour: { ...atOnce, answer: { meanTokens: 10, spreadTokens: 0 } } }, async (standin) => {
    const ask = (more?: object) => chat(standin, 'What is 1 + 1?', more);
    // Five that end: two at their end, one at max_tokens, one repeating itself, one with a fault of the engine.
    await ask();
    await wholeStream(await openStream(standin, 'What is 1 + 1?'));
    await ask({ max_tokens: 4 });
    await change(standin, { quality: { repeatedPerThousand: 1000 } });
    await ask();
    await change(standin, { errors: { streamedPerThousand: 1000 } });
    const events = await wholeStream(await openStream(standin, 'What is 1 + 1?'));
    const beforeFault = events.length - 3;
    // Four that the API server turns away.
    await change(standin, { errors: { streamedPerThousand: 0, http500PerThousand: 1000 } });
    await ask();
    await change(standin, { errors: { http500PerThousand: 0, http429PerThousand: 1000 } });
    await ask();
    await ask({ model: 'big' });
    await ask({ max_tokens: 0 });
    // And three that are outside its HTTP series.
    for (const path of ['/health', '/version', '/metrics'])
      await (await fetch(`${standin.url}${path}`)).text();

    const seen = await until(
      () => metrics(standin),
      (it) => valueOf(it, 'http_request_duration_highr_seconds_count') === 9,
    );
    const engine = (name: string): number => valueOf(seen, `vllm:${name}`);
    const byReason = (reason: string): number =>
      valueOf(seen, 'vllm:request_success_total', { finished_reason: reason });
    expect(['stop', 'length', 'repetition', 'error', 'abort'].map(byReason)).toEqual([2, 1, 1, 1, 0]);

    const tokens = 3 * 10 + 4 + beforeFault;
    expect(engine('generation_tokens_total')).toBe(tokens);
    expect(engine('request_generation_tokens_sum')).toBe(tokens);
    expect(engine('inter_token_latency_seconds_count')).toBe(tokens - 5);
    expect(engine('prompt_tokens_total')).toBe(5 * 9);
    expect(engine('request_prompt_tokens_sum')).toBe(5 * 9);
    expect(engine('prefix_cache_queries_total')).toBe(5 * 9);
    expect(engine('request_params_max_tokens_sum')).toBe(4);
    const perRequest = [
      'e2e_request_latency',
      'request_queue_time',
      'request_inference_time',
      'request_decode_time',
    ];
    for (const name of [
      ...perRequest,
      'time_to_first_token',
      'request_time_per_output_token',
      'request_prefill_time',
    ]) {
      expect([name, engine(`${name}_seconds_count`)]).toEqual([name, 5]);
    }

    const byStatus = (status: string): number =>
      valueOf(seen, 'http_requests_total', { status, method: 'POST', handler: '/v1/chat/completions' });
    expect(['2xx', '4xx', '5xx'].map(byStatus)).toEqual([5, 3, 1]);
    expect(valueOf(seen, 'http_request_duration_seconds_count', { handler: '/v1/chat/completions' })).toBe(9);
    expect(valueOf(seen, 'http_requests_total', { handler: '/health' })).toBeNaN();
  }));

test('an unknown route is counted under the handler "none"', () =>
  withStandin({}, async (standin) => {
    await (await fetch(`${standin.url}/nowhere`)).text();
    const read = async (): Promise<number> =>
      valueOf(await metrics(standin), 'http_requests_total', {
        handler: 'none',
        method: 'GET',
        status: '4xx',
      });
    await until(read, (value) => value === 1);
  }));
