import { once } from 'node:events';
import { setTimeout as stall } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LiveSecond } from '../../../dev/load/live.ts';
import { runLoad, type RunningLoad, startLoad } from '../../../dev/load/run.ts';
import { answerWell, type Call, type FakeService, serve, startStream } from './service.ts';

let service: FakeService | undefined;
let running: RunningLoad | undefined;
afterEach(async () => {
  await service?.close();
  // A test that failed may have left it sending for ever.
  await running?.stop();
  running = undefined;
});

function startInTest(...args: Parameters<typeof startLoad>): RunningLoad {
  running = startLoad(...args);
  return running;
}

/** A service that answers nothing until it is opened, then everything. */
async function serveBehindGate() {
  const gate = Promise.withResolvers<undefined>();
  service = await serve((call) => {
    void gate.promise.then(() => {
      answerWell(call);
    });
  });
  return {
    service,
    open: () => {
      gate.resolve(undefined);
    },
  };
}

describe('open loop', () => {
  test('a service that stalls for a second shows as a hundred waits of up to a second, not as one', async () => {
    const { service, open } = await serveBehindGate();
    const load = startInTest({ url: service.url, ratePerSecond: 100, durationMs: 1000, seed: 3 });
    await service.received(1);
    await stall(1000);
    open();
    const openedAt = performance.now();
    const { total } = await load.done;
    const answeringMs = performance.now() - openedAt;
    expect(total).toMatchObject({ sent: 100, good: 100 });
    const { p50, p90, max } = total.latencyMs ?? { p50: NaN, p90: NaN, max: NaN };
    // The n-th of 100 waited from 10 n ms to the end of the stall.
    expect(max).toBeGreaterThan(980);
    expect(p90).toBeGreaterThan(850);
    expect(p50).toBeGreaterThan(450);
    expect(max - p50).toBeGreaterThan(400 - answeringMs);
  });

  test('all requests are in flight at once while nothing answers', async () => {
    const { service, open } = await serveBehindGate();
    const load = startInTest({ url: service.url, ratePerSecond: 500, durationMs: 400 });
    await service.received(200);
    expect(load.snapshot()).toMatchObject({ sent: 200, inFlight: 200, total: { sent: 0 }, arms: {} });
    open();
    expect(await load.done).toMatchObject({ sent: 200, inFlight: 0, total: { good: 200 } });
  });

  test('a generator that was held up says so, sends everything, and its delay is in the latencies', async () => {
    service = await serve(answerWell);
    const holdUp = (index: number) => {
      const until = performance.now() + (index === 10 ? 300 : 0);
      while (performance.now() < until);
      return 'What is 1 + 1?';
    };
    const report = await runLoad({ url: service.url, ratePerSecond: 100, durationMs: 500, prompt: holdUp });
    expect(report.total).toMatchObject({ sent: 50, good: 50 });
    expect(report.maxLatenessMs).toBeGreaterThan(280);
    expect(report.total.latencyMs?.max).toBeGreaterThan(280);
  });

  test('does not send a request again on another connection: what the service saw is what was sent', async () => {
    const seen = new Set<unknown>();
    service = await serve((call) => {
      // Closes each connection as soon as it is used for the second time, like a keep-alive race.
      if (seen.has(call.request.socket)) call.request.socket.destroy();
      else answerWell(call);
      seen.add(call.request.socket);
    });
    const report = await runLoad({ url: service.url, ratePerSecond: 100, durationMs: 300 });
    expect(service.calls).toHaveLength(report.sent);
    expect(report.total.failures).toEqual({ connect: report.total.failed });
    expect(report.total.failed).toBeGreaterThan(0);
  });
});

describe('requests', () => {
  test('carry model, prompt, max_tokens, headers and path, and ask a stream for its usage', async () => {
    service = await serve(answerWell);
    await runLoad({
      ...{ url: service.url, path: '/custom?x=1', ratePerSecond: 100, durationMs: 200, seed: 2 },
      ...{
        model: 'tiny',
        maxTokens: 5,
        headers: { Host: 'chat.example', 'x-user': 'u1', 'Content-Type': 'application/json; x=1' },
      },
      prompt: (index) => `question ${index}`,
    });
    expect(service.calls.map(({ body }) => body.messages[0]?.content).toSorted()).toEqual(
      Array.from({ length: 20 }, (_, index) => `question ${index}`).toSorted(),
    );
    for (const { request, body } of service.calls) {
      expect(request).toMatchObject({ method: 'POST', url: '/custom?x=1' });
      expect(request.headers).toMatchObject({
        host: 'chat.example',
        'x-user': 'u1',
        'content-type': 'application/json; x=1',
      });
      expect(body).toMatchObject({ model: 'tiny', max_tokens: 5 });
      expect(body.stream_options).toEqual(body.stream ? { include_usage: true } : undefined);
    }
  });

  test('are the same with the same seed: prompts, streaming, spacing', async () => {
    service = await serve(answerWell);
    const options = {
      url: service.url,
      ratePerSecond: 200,
      durationMs: 250,
      spacing: 'poisson',
      seed: 11,
    } as const;
    const first = await runLoad(options);
    const earlier = service.calls.splice(0).map(({ body }) => JSON.stringify(body));
    const second = await runLoad(options);
    const later = service.calls.map(({ body }) => JSON.stringify(body));
    expect(second.sent).toBe(first.sent);
    expect(later.toSorted()).toEqual(earlier.toSorted());
    const streams = service.calls.filter(({ body }) => body.stream).length;
    expect(streams / first.sent).toBeGreaterThan(0.25);
    expect(streams / first.sent).toBeLessThan(0.75);
  });
});

describe('stopping', () => {
  const neverAnswered = (): void => undefined;
  const treatments: ((call: Call) => void)[] = [
    (call) => {
      answerWell(call, 'stable');
    },
    ({ response }) => response.writeHead(500, { 'x-sluice-arm': 'canary' }).end('broken'),
    ({ response }) => response.destroy(),
    neverAnswered,
    ({ body, response }) => {
      if (body.stream) startStream(response, 'canary');
      response.write('data: {"choices":', () => response.socket?.resetAndDestroy());
    },
  ];

  test.each(['signal', 'stop'] as const)('by %s loses nothing: sent = good + failed', async (how) => {
    const treatmentOf = ({ index }: Call) => treatments[index % treatments.length];
    service = await serve((call) => treatmentOf(call)?.(call));
    const abort = new AbortController();
    const load = startInTest(
      { url: service.url, ratePerSecond: 400, timeoutMs: 300 },
      { signal: abort.signal },
    );
    await service.received(150);
    if (how === 'signal') abort.abort();
    else void load.stop();
    const { sent, inFlight, total, arms, seconds } = await load.done;
    expect(sent).toBeGreaterThanOrEqual(150);
    expect(total.good + total.failed).toBe(sent);
    expect(inFlight).toBe(0);
    expect(Object.values(arms).reduce((sum, it) => sum + it.sent, 0)).toBe(sent);
    expect(seconds.reduce((sum, it) => sum + it.total.sent, 0)).toBe(sent);
    expect(Object.values(total.failures).reduce((sum: number, it) => sum + (it ?? NaN), 0)).toBe(
      total.failed,
    );
    // What has not reached the service, as when the machine is slow to connect, is a timeout like what it leaves unanswered.
    expect(service.calls.length).toBeLessThanOrEqual(sent);
    const unanswered = service.calls.filter((it) => treatmentOf(it) === neverAnswered).length;
    expect(total.failures.timeout).toBeGreaterThanOrEqual(unanswered + sent - service.calls.length);
  });

  test('waits for answers that are on their way, and sends nothing more', async () => {
    const { service, open } = await serveBehindGate();
    const load = startInTest({ url: service.url, ratePerSecond: 200 });
    await service.received(20);
    const stopped = load.stop();
    const { sent, inFlight } = load.snapshot();
    expect(inFlight).toBe(sent);
    open();
    expect(await stopped).toMatchObject({ sent, inFlight: 0, total: { good: sent, failed: 0 } });
    expect(await load.stop()).toEqual(await stopped);
  });

  test('waits no longer than the timeout: what never ends is a timeout', async () => {
    service = await serve(() => undefined);
    const load = startInTest({ url: service.url, ratePerSecond: 200, timeoutMs: 200 });
    await service.received(10);
    const { sent, total } = await load.stop();
    expect(total).toMatchObject({ sent, good: 0, failures: { timeout: sent } });
  });

  test('before the start sends nothing', async () => {
    service = await serve(answerWell);
    const report = await runLoad({ url: service.url }, { signal: AbortSignal.abort() });
    expect(report).toMatchObject({ sent: 0, total: { sent: 0 } });
    expect(service.calls).toHaveLength(0);
  });

  test('closes every connection', async () => {
    service = await serve(answerWell);
    await runLoad({ url: service.url, ratePerSecond: 100, durationMs: 200 });
    const sockets = new Set(service.calls.map(({ request }) => request.socket));
    for (const socket of sockets) if (!socket.closed) await once(socket, 'close');
    expect(sockets.size).toBeGreaterThan(0);
  });

  test('happens by itself when a prompt function throws, and tells its error', async () => {
    service = await serve(answerWell);
    const prompt = (index: number) => {
      if (index === 5) throw new Error('no more questions');
      return 'Why?';
    };
    await expect(runLoad({ url: service.url, ratePerSecond: 100, prompt })).rejects.toThrow(
      'no more questions',
    );
  });
});

describe('onSecond', () => {
  test('tells every request once, in the second in which it ended, without gaps', async () => {
    const { service, open } = await serveBehindGate();
    const seconds: LiveSecond[] = [];
    const onSecond = (second: LiveSecond) => {
      seconds.push(second);
      // Answers come in the second after the one in which all was sent.
      open();
    };
    const report = await runLoad({ url: service.url, ratePerSecond: 100, durationMs: 500 }, { onSecond });
    expect(seconds.map((it) => it.second)).toEqual(seconds.map((_, index) => index));
    expect(seconds[0]).toMatchObject({ sent: 50, inFlight: 50, total: { sent: 0 }, arms: {} });
    expect(seconds.at(-1)).toMatchObject({ sent: 0, inFlight: 0 });
    expect(seconds.reduce((sum, it) => sum + it.total.sent, 0)).toBe(report.sent);
  });
});
