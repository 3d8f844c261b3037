/** What the stand-in exposes must be what vLLM exposes, down to the text of a bucket bound. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startStandin, type Standin } from '../../../dev/standin/server.ts';
import { atOnce, chat, until } from './client.ts';
import { differences, parseExposition, valueOf } from './exposition.ts';

const recorded = new URL('../../fixtures/vllm-0.32.0-metrics.txt', import.meta.url);
const real = parseExposition(readFileSync(recorded, 'utf8'));

const present = [
  'process_start_time_seconds',
  'vllm:num_requests_running',
  'vllm:num_requests_waiting',
  'vllm:num_requests_waiting_by_reason',
  'vllm:kv_cache_usage_perc',
  'vllm:prefix_cache_queries_total',
  'vllm:prefix_cache_hits_total',
  'vllm:num_preemptions_total',
  'vllm:prompt_tokens_total',
  'vllm:prompt_tokens_cached_total',
  'vllm:generation_tokens_total',
  'vllm:request_success_total',
  'vllm:request_prompt_tokens',
  'vllm:request_generation_tokens',
  'vllm:request_max_num_generation_tokens',
  'vllm:request_params_n',
  'vllm:request_params_max_tokens',
  'vllm:time_to_first_token_seconds',
  'vllm:inter_token_latency_seconds',
  'vllm:request_time_per_output_token_seconds',
  'vllm:e2e_request_latency_seconds',
  'vllm:request_queue_time_seconds',
  'vllm:request_inference_time_seconds',
  'vllm:request_prefill_time_seconds',
  'vllm:request_decode_time_seconds',
  'http_requests_total',
  'http_request_size_bytes',
  'http_response_size_bytes',
  'http_request_duration_highr_seconds',
  'http_request_duration_seconds',
];

/** What the stand-in deliberately does not have, and why. */
const absent: readonly (readonly [name: RegExp, why: string])[] = [
  [/_created$/, 'creation times, which only the Python client writes and no query reads'],
  [/^python_/, 'the Python runtime'],
  [/^process_/, 'the process, not the service'],
  [/^vllm:estimated_.*_per_gpu_total$/, 'hardware utilisation'],
  [/^vllm:engine_sleep_state$/, 'no sleep mode'],
  [/^vllm:external_prefix_cache_/, 'no KV connector'],
  [/^vllm:mm_cache_/, 'no images or sound'],
  [/^vllm:prompt_tokens_(cached_)?by_source_total$/, 'one source only; the totals are there'],
  [/^vllm:admission_rejections_total$/, 'the queue has no bound'],
  [/^vllm:iteration_tokens_total$/, 'no engine steps'],
  [/^vllm:request_num_preemptions$/, 'nothing is preempted; the total is there'],
  [/^vllm:request_prefill_kv_computed_tokens$/, 'equals the prompt tokens without a prefix cache'],
  [/^vllm:cache_config_info$/, 'the configuration of an engine that is not there'],
];

let standin: Standin;
let text = '';

beforeAll(async () => {
  standin = await startStandin({ model: 'tiny', behaviour: atOnce });
  // The recorded server had answered good and bad chat requests: only then do their HTTP series exist.
  expect((await chat(standin, 'What is 1 + 1?', { max_tokens: 3 })).status).toBe(200);
  expect((await chat(standin, 'What is 1 + 1?', { max_tokens: 0 })).status).toBe(400);
  const read = async (): Promise<string> => (await fetch(`${standin.url}/metrics`)).text();
  text = await until(
    read,
    (it) => valueOf(parseExposition(it), 'http_request_duration_highr_seconds_count') === 2,
  );
});

afterAll(() => standin.close());

describe('the exposition equals that of vLLM 0.32.0', () => {
  test.each(present)('%s', (name) => {
    expect(differences(real, parseExposition(text), name)).toEqual([]);
  });

  test('and holds these series only', () => {
    expect([...parseExposition(text).keys()].sort()).toEqual([...present].sort());
  });

  test('every series of vLLM is present or on the list of what is left out, and the list holds nothing else', () => {
    const leftOut = [...real.keys()].filter((name) => !present.includes(name));
    expect(leftOut.filter((name) => !absent.some(([pattern]) => pattern.test(name)))).toEqual([]);
    expect(absent.filter(([pattern]) => !leftOut.some((name) => pattern.test(name)))).toEqual([]);
  });

  test('all finished reasons are there from the start, at 0', async () => {
    const fresh = await startStandin({ model: 'tiny' });
    const exposition = parseExposition(await (await fetch(`${fresh.url}/metrics`)).text());
    await fresh.close();
    expect(differences(real, exposition, 'vllm:request_success_total')).toEqual([]);
    for (const reason of ['stop', 'length', 'abort', 'error', 'repetition']) {
      expect(valueOf(exposition, 'vllm:request_success_total', { finished_reason: reason })).toBe(0);
    }
  });
});

describe('the comparison sees every change', () => {
  test.each([
    ['a bucket with another bound', 'vllm:time_to_first_token_seconds', 'le="0.08"', 'le="0.09"'],
    ['a bound written otherwise', 'vllm:e2e_request_latency_seconds', 'le="1.0"', 'le="1"'],
    ['another label value', 'vllm:request_success_total', '"repetition"', '"repeat"'],
    ['another label name', 'vllm:request_success_total', 'finished_reason=', 'finish_reason='],
    ['another status', 'http_requests_total', 'status="4xx"', 'status="400"'],
    ['another help text', 'vllm:generation_tokens_total', 'generation tokens processed', 'tokens'],
    ['another type', 'vllm:kv_cache_usage_perc', 'kv_cache_usage_perc gauge', 'kv_cache_usage_perc counter'],
    ['a missing family', 'vllm:num_requests_running', /.*num_requests_running.*\n/g, ''],
  ])('%s', (_name, family, found, replacement) => {
    const changed = text.replaceAll(found, replacement);
    expect(changed).not.toBe(text);
    expect(differences(real, parseExposition(changed), family)).not.toEqual([]);
  });

  test('a bucket left out', () => {
    const changed = text.replace(/vllm:inter_token_latency_seconds_bucket\{[^}]*le="0.3"[^}]*\} .*\n/, '');
    expect(differences(real, parseExposition(changed), 'vllm:inter_token_latency_seconds')).toEqual([
      'lacks vllm:inter_token_latency_seconds_bucket{engine="0",le="0.3",model_name="tiny"}',
    ]);
  });
});
