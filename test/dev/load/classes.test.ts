import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { FailureKind } from '../../../dev/load/record.ts';
import { runLoad } from '../../../dev/load/run.ts';
import {
  answerWell,
  type Call,
  chunk,
  completion,
  event,
  type FakeService,
  serve,
  startStream,
} from './service.ts';

let service: FakeService | undefined;
afterEach(() => service?.close());

/** Sends ten requests, all streams or none, to a service that treats each call so. */
async function sendTen(treat: (call: Call) => void, options: { streamShare: 0 | 1; timeoutMs?: number }) {
  service = await serve(treat);
  return runLoad({ url: service.url, ratePerSecond: 200, durationMs: 50, ...options });
}

interface Row {
  name: string;
  treat: (call: Call) => void;
  failure: FailureKind;
  arm: string;
  streamShare: 0 | 1;
  timeoutMs?: number;
}

const json = { 'content-type': 'application/json' };
const streamed = (write: (call: Call) => void) => (call: Call) => {
  startStream(call.response, 'canary');
  write(call);
};

const rows: Row[] = [
  {
    name: 'an error status',
    treat: ({ response }) =>
      response.writeHead(500, { 'x-sluice-arm': 'canary' }).end('{"error":"overloaded"}'),
    ...{ failure: 'status_500', arm: 'canary', streamShare: 0 },
  },
  {
    name: 'an error status to a stream',
    treat: ({ response }) => response.writeHead(429).end(),
    ...{ failure: 'status_429', arm: 'unknown', streamShare: 1 },
  },
  {
    name: 'a status of success that is not 200',
    treat: ({ response }) => response.writeHead(204, { 'x-sluice-arm': 'canary' }).end(),
    ...{ failure: 'status_204', arm: 'canary', streamShare: 0 },
  },
  {
    name: 'a redirection, which is not followed',
    treat: ({ response }) => response.writeHead(307, { location: '/elsewhere' }).end(),
    ...{ failure: 'status_307', arm: 'unknown', streamShare: 0 },
  },
  {
    name: 'an error status whose body breaks',
    treat: ({ response }) =>
      response.writeHead(503, { 'content-length': 100 }).write('half', () => response.destroy()),
    ...{ failure: 'status_503', arm: 'unknown', streamShare: 0 },
  },
  {
    name: 'a connection closed before the response',
    treat: ({ response }) => response.destroy(),
    ...{ failure: 'connect', arm: 'none', streamShare: 0 },
  },
  {
    name: 'a connection reset before the response',
    treat: ({ response }) => response.socket?.resetAndDestroy(),
    ...{ failure: 'connect', arm: 'none', streamShare: 1 },
  },
  {
    name: 'a body that breaks',
    treat: ({ response }) =>
      response.writeHead(200, { ...json, 'content-length': 100 }).write('{', () => response.destroy()),
    ...{ failure: 'reset', arm: 'unknown', streamShare: 0 },
  },
  {
    name: 'a stream that breaks',
    treat: streamed(({ response }) => response.write(chunk('a'), () => response.socket?.resetAndDestroy())),
    ...{ failure: 'reset', arm: 'canary', streamShare: 1 },
  },
  {
    name: 'an error event in a stream',
    treat: streamed(({ response }) =>
      response.end(`${chunk('a')}${event({ error: { message: 'out of memory' } })}data: [DONE]\n\n`),
    ),
    ...{ failure: 'stream_error', arm: 'canary', streamShare: 1 },
  },
  {
    name: 'an event named error',
    treat: streamed(({ response }) => response.end('event: error\ndata: engine died\n\n')),
    ...{ failure: 'stream_error', arm: 'canary', streamShare: 1 },
  },
  {
    name: 'a stream that ends without [DONE]',
    treat: streamed(({ response }) => response.end(chunk('a'))),
    ...{ failure: 'truncated', arm: 'canary', streamShare: 1 },
  },
  {
    name: 'no response in time',
    treat: () => undefined,
    ...{ failure: 'timeout', arm: 'none', streamShare: 0, timeoutMs: 100 },
  },
  {
    name: 'a stream that stops in time',
    treat: streamed(({ response }) => response.write(chunk('a'))),
    ...{ failure: 'timeout', arm: 'canary', streamShare: 1, timeoutMs: 100 },
  },
  {
    name: 'a body that is not JSON',
    treat: ({ response }) => response.end('<html>'),
    ...{ failure: 'bad_answer', arm: 'unknown', streamShare: 0 },
  },
  {
    name: 'JSON that is not a completion',
    treat: ({ response }) => response.writeHead(200, json).end('{"choices":[]}'),
    ...{ failure: 'bad_answer', arm: 'unknown', streamShare: 0 },
  },
  {
    name: 'a completion in one piece where a stream was asked for',
    treat: ({ response }) => response.writeHead(200, json).end(completion('four')),
    ...{ failure: 'bad_answer', arm: 'unknown', streamShare: 1 },
  },
  {
    name: 'an event that is not a chunk',
    treat: streamed(({ response }) => response.end('data: {"hello":1}\n\ndata: [DONE]\n\n')),
    ...{ failure: 'bad_answer', arm: 'canary', streamShare: 1 },
  },
  {
    name: 'a stream of nothing but [DONE]',
    treat: streamed(({ response }) => response.end('data: [DONE]\n\n')),
    ...{ failure: 'bad_answer', arm: 'canary', streamShare: 1 },
  },
];

describe('a request fails as', () => {
  test.each(rows)('$failure, arm $arm: $name', async ({ treat, failure, arm, ...options }) => {
    const report = await sendTen(treat, options);
    expect(report.total).toMatchObject({ sent: 10, good: 0, failed: 10, failures: { [failure]: 10 } });
    expect(Object.keys(report.arms)).toEqual([arm]);
    expect(report.inFlight).toBe(0);
    expect(report.total.latencyMs).toBeNull();
  });

  test('connect, arm none: nobody listens', async () => {
    const gone = await serve(answerWell);
    await gone.close();
    const report = await runLoad({ url: gone.url, ratePerSecond: 200, durationMs: 50 });
    expect(report.arms['none']).toMatchObject({ sent: 10, failed: 10, failures: { connect: 10 } });
    expect(report.examples.connect).toContain('ECONNREFUSED');
  });

  test('connect, arm none: what answers is not HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end('SSH-2.0-hello\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address() as { port: number };
    const report = await runLoad({
      url: `http://127.0.0.1:${address.port}`,
      ratePerSecond: 200,
      durationMs: 50,
    });
    expect(report.arms['none']).toMatchObject({ sent: 10, failures: { connect: 10 } });
    await new Promise((resolve) => server.close(resolve));
  });

  test('its first reason, when a broken stream had an error event before', async () => {
    const treat = streamed(({ response }) =>
      response.write(event({ error: 'x' }), () => response.socket?.resetAndDestroy()),
    );
    expect((await sendTen(treat, { streamShare: 1 })).total.failures).toEqual({ stream_error: 10 });
  });

  test('and quotes what the service said, shortened', async () => {
    const report = await sendTen(({ response }) => response.writeHead(503).end('no engine '.repeat(100)), {
      streamShare: 0,
    });
    expect(report.examples['status_503']).toMatch(/^(no engine ){20}\.\.\.$/);
  });
});

describe('a request is good', () => {
  test.each([{ streamShare: 0 }, { streamShare: 1 }] as const)(
    'with a share of streams of $streamShare',
    async (row) => {
      const { total, arms } = await sendTen((call) => {
        answerWell(call, 'stable');
      }, row);
      expect(total).toMatchObject({ sent: 10, good: 10, failed: 0, failures: {}, tokens: 30 });
      expect(total.chunks).toBe(30 * row.streamShare);
      expect(total.firstTokenMs === null).toBe(row.streamShare === 0);
      expect(arms).toEqual({ stable: total });
    },
  );

  test('when its stream comes byte by byte, characters cut', async () => {
    const bytes = Buffer.from(`${chunk('水門')}${chunk('🚦')}data: [DONE]\r\n\r\n`);
    const { total } = await sendTen(
      streamed(({ response }) => {
        response.socket?.setNoDelay(true);
        for (const byte of bytes) response.write(Uint8Array.of(byte));
        response.end();
      }),
      { streamShare: 1 },
    );
    expect(total).toMatchObject({ good: 10, chunks: 20 });
  });

  test('when the connection breaks after [DONE]: the answer was complete', async () => {
    const treat = streamed(({ response }) =>
      response.write(`${chunk('a')}data: [DONE]\n\n`, () => response.socket?.resetAndDestroy()),
    );
    expect((await sendTen(treat, { streamShare: 1 })).total).toMatchObject({ good: 10, failed: 0 });
  });

  test('by the time of [DONE], even where the response then stays open', async () => {
    const treat = streamed(({ response }) => response.write(`${chunk('a')}data: [DONE]\n\n`));
    const { total, elapsedMs } = await sendTen(treat, { streamShare: 1, timeoutMs: 400 });
    expect(total).toMatchObject({ good: 10, failed: 0 });
    expect(total.latencyMs?.max).toBeLessThan(400);
    expect(elapsedMs).toBeGreaterThan(400);
  });
});
