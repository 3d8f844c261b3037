import { describe, expect, test } from '@jest/globals';
import { quantiles } from '../../../dev/load/quantiles.ts';
import type { RequestRecord } from '../../../dev/load/record.ts';
import { buildReport, LoadCountError } from '../../../dev/load/report.ts';

const good: RequestRecord = {
  id: 0,
  arm: 'stable',
  stream: false,
  intendedMs: 0,
  sentMs: 0,
  firstTokenMs: null,
  endedMs: 10,
  chunks: 0,
  tokens: 0,
  ending: { failure: null },
};

function report(records: readonly RequestRecord[], facts: { sent?: number; inFlight?: number } = {}) {
  const startedAt = new Date('2026-01-02T03:04:05Z');
  return buildReport({
    startedAt,
    elapsedMs: 3000,
    sent: records.length,
    inFlight: 0,
    maxLatenessMs: 1,
    ...facts,
    records,
  });
}

describe('quantiles', () => {
  const hundred = Object.freeze(Array.from({ length: 100 }, (_, index) => 100 - index));

  test.each([
    { name: '1 to 100, in any order', samples: hundred, expected: { p50: 50, p90: 90, p99: 99, max: 100 } },
    { name: 'one sample', samples: [7], expected: { p50: 7, p90: 7, p99: 7, max: 7 } },
    {
      name: 'two samples: the median is the lower one',
      samples: [9, 1],
      expected: { p50: 1, p90: 9, p99: 9, max: 9 },
    },
    {
      name: 'numbers, not text, are sorted',
      samples: [10, 9, 100],
      expected: { p50: 10, p90: 100, p99: 100, max: 100 },
    },
  ])('$name', ({ samples, expected }) => {
    expect(quantiles(samples)).toEqual(expected);
  });

  test('no samples have no quantiles, not zeros', () => {
    expect(quantiles([])).toBeNull();
  });
});

describe('buildReport', () => {
  test('counts by arm, by second of the intended send time and in total', () => {
    const refused = { failure: 'status_503', detail: 'first' } as const;
    const result = report([
      { ...good, id: 0, intendedMs: 999, endedMs: 3999 },
      { ...good, id: 1, intendedMs: 1000, endedMs: 1020, arm: 'canary' },
      { ...good, id: 2, intendedMs: 1500, endedMs: 1501, arm: 'canary', ending: refused },
      { ...good, id: 3, intendedMs: 3000, endedMs: 3040, ending: { ...refused, detail: 'second' } },
    ]);
    expect(result.total).toMatchObject({ sent: 4, good: 2, failed: 2, failures: { status_503: 2 } });
    expect(result.arms['stable']).toMatchObject({ sent: 2, good: 1, failed: 1, latencyMs: { max: 3000 } });
    expect(result.arms['canary']).toMatchObject({ sent: 2, good: 1, failed: 1, latencyMs: { max: 20 } });
    expect(result.seconds.map(({ second, total }) => [second, total.sent])).toEqual([
      [0, 1],
      [1, 2],
      [2, 0],
      [3, 1],
    ]);
    expect(result.seconds[1]?.arms).toEqual({ canary: result.arms['canary'] });
    expect(result.examples).toEqual({ status_503: 'first' });
    expect(result.startedAt).toBe('2026-01-02T03:04:05.000Z');
  });

  test('latency and first token count from the intended time, not from the sending, and only of good requests', () => {
    const late = { ...good, intendedMs: 100, sentMs: 400, stream: true, chunks: 2, tokens: 5 };
    const failure = { failure: 'truncated', detail: '' } as const;
    const { total } = report([
      { ...late, id: 0, firstTokenMs: 450, endedMs: 500 },
      { ...late, id: 1, firstTokenMs: 101, endedMs: 102, ending: failure },
    ]);
    expect(total.latencyMs).toEqual({ p50: 400, p90: 400, p99: 400, max: 400 });
    expect(total.firstTokenMs).toEqual({ p50: 350, p90: 350, p99: 350, max: 350 });
    expect(total).toMatchObject({ chunks: 4, tokens: 10 });
  });

  test('nothing sent is an empty report without numbers', () => {
    const result = report([]);
    expect(result).toMatchObject({ sent: 0, arms: {}, seconds: [], examples: {} });
    expect(result.total).toMatchObject({
      sent: 0,
      good: 0,
      failed: 0,
      failures: {},
      latencyMs: null,
      firstTokenMs: null,
    });
  });

  test('an arm may have any name', () => {
    expect(Object.keys(report([{ ...good, arm: '__proto__' }]).arms)).toEqual(['__proto__']);
  });

  test.each([
    { name: 'a lost request', records: [good], facts: { sent: 2 } },
    { name: 'a request in flight that nobody sent', records: [good], facts: { inFlight: 1 } },
    { name: 'a request counted twice', records: [good, good], facts: {} },
  ])('$name is refused', ({ records, facts }) => {
    expect(() => report(records, facts)).toThrow(LoadCountError);
  });

  test('requests in flight are sent and in no class yet', () => {
    expect(report([good], { sent: 3, inFlight: 2 })).toMatchObject({
      sent: 3,
      inFlight: 2,
      total: { sent: 1 },
    });
  });
});
