import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PrometheusClient } from '../../../src/adapters/prometheus/client.ts';
import { CustomQueries } from '../../../src/adapters/prometheus/custom-queries.ts';
import type { ToldValue } from '../../../src/domain/analysis/measurement.ts';
import { json, plain, startFakePrometheus, vector, type FakePrometheus } from './fake-prometheus.ts';

const never = new AbortController().signal;
const minute = 60_000;

let fake: FakePrometheus;
beforeEach(async () => {
  fake = await startFakePrometheus();
});
afterEach(() => fake.close());

function read(queries: { stable: string; canary: string }, windowsMs: readonly number[], atMs?: number) {
  const look = { windowsMs, ...(atMs === undefined ? {} : { atMs }) };
  return new CustomQueries(new PrometheusClient()).read({ ...queries, url: fake.url }, look, never);
}

describe('a person’s own queries', () => {
  test('each arm by its own, with the window in seconds', async () => {
    fake.answer = ({ query }, response) => {
      const value = query.startsWith('stable') ? '0.9' : '0.8';
      response.end(JSON.stringify(vector([{ metric: { a: 'x' }, value }])));
    };
    const found = await read(
      { stable: 'stable[$window]', canary: 'canary[$window] / b[$window]' },
      [90_500, 300],
    );
    const both = { stable: { value: 0.9 }, canary: { value: 0.8 } };
    expect([...found]).toEqual([
      [90_500, both],
      [300, both],
    ]);
    expect(fake.asked.map((it) => it.query).toSorted()).toEqual([
      'canary[1s] / b[1s]',
      'canary[91s] / b[91s]',
      'stable[1s]',
      'stable[91s]',
    ]);
  });

  test('without a window each is asked once, whatever the windows', async () => {
    fake.answer = json(vector([{ metric: {}, value: '1' }]));
    await read({ stable: 'a', canary: 'b' }, [minute, 2 * minute, 3 * minute]);
    expect(fake.asked.map((it) => it.query).toSorted()).toEqual(['a', 'b']);
  });

  test('of earlier times too: Prometheus remembers', async () => {
    fake.answer = json(vector([{ metric: {}, value: '1' }]));
    await read({ stable: 'a', canary: 'b' }, [minute], 1_800_000_000_000);
    expect(fake.asked.map((it) => it.time)).toEqual(['1800000000', '1800000000']);
  });

  const sample = (value: string) => ({ metric: {}, value });
  const scalar = { status: 'success', data: { resultType: 'scalar', result: [1_800_000_000, '0.7'] } };
  const matrix = { status: 'success', data: { resultType: 'matrix', result: [] } };
  test.each<{ name: string; answer: FakePrometheus['answer']; expected: ToldValue }>([
    { name: 'a number without series', answer: json(scalar), expected: { value: 0.7 } },
    {
      ...{ name: 'no sample', answer: json(vector([])) },
      expected: { missing: 'Prometheus: the query answers nothing' },
    },
    { name: 'NaN', answer: json(vector([sample('NaN')])), expected: { missing: 'the value is NaN' } },
    { name: 'infinity', answer: json(vector([sample('+Inf')])), expected: { missing: 'the value is NaN' } },
    {
      ...{ name: 'two samples', answer: json(vector([sample('1'), sample('2')])) },
      expected: { failed: 'Prometheus: the query answers 2 samples, exactly one is needed' },
    },
    {
      ...{ name: 'a range', answer: json(matrix) },
      expected: { failed: 'Prometheus: the query answers a range of samples, exactly one is needed' },
    },
    {
      ...{ name: 'a query that is none' },
      answer: json({ status: 'error', errorType: 'bad_data', error: 'parse error' }, 400),
      expected: { failed: 'Prometheus: HTTP 400, bad_data: parse error' },
    },
    {
      ...{ name: 'a proxy’s page', answer: plain(502, '<html>') },
      expected: { failed: expect.stringContaining('HTTP 502') as unknown as string },
    },
  ])('$name', async ({ answer, expected }) => {
    fake.answer = answer;
    expect((await read({ stable: 'a', canary: 'b' }, [minute])).get(minute)?.canary).toEqual(expected);
  });
});
