/** The program itself: its environment, its log lines, its signals and exit codes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { openStream, stuckAfterOneToken, textOf, wholeStream } from './client.ts';

const main = fileURLToPath(new URL('../../../dev/standin/main.ts', import.meta.url));

interface Line {
  readonly event: string;
  readonly url: string;
  readonly adminUrl: string;
  readonly cut?: number;
}

function start(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main], {
    env: { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', POD_NAME: 'pod-1', MODEL_NAME: 'tiny', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const problems: string[] = [];
  child.stderr.on('data', (data: Buffer) => problems.push(String(data)));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  /** The next line, which has to be about `event`. */
  const next = async (event: string): Promise<Line> => {
    const line = await lines.next();
    const parsed = JSON.parse(line.done ? '{}' : line.value) as Line;
    expect(parsed).toMatchObject({ event, time: expect.any(String) });
    return parsed;
  };
  return { child, next, exit, problems };
}

describe('SIGTERM', () => {
  test('in the middle of a stream lets it end whole, then exits with 0', async () => {
    const behaviour = {
      ttft: { medianMs: 0 },
      interToken: { medianMs: 60, p99Ms: 60 },
      answer: { spreadTokens: 0 },
    };
    const { child, next, exit } = start({ BEHAVIOUR: JSON.stringify(behaviour) });
    const listening = await next('listening');
    expect(listening).toMatchObject({ arm: 'stable', pod: 'pod-1', model: 'tiny' });
    await next('ready');
    const stream = await openStream(listening, 'What is 17 + 25?');
    const first = await stream.events.next();
    child.kill('SIGTERM');
    expect(await next('draining')).toMatchObject({ running: 1 });
    const events = await wholeStream(stream);
    expect(textOf([...(first.done ? [] : [first.value]), ...events])).toBe(
      '17 + 25 = 42. All of this can be checked. One may check this twice.',
    );
    expect(events.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    expect(events.at(-1)).toBe('[DONE]');
    expect(await next('stopped')).toMatchObject({ cut: 0 });
    expect(await exit).toBe(0);
  });

  test('exits with 1 after the drain timeout and says how many were cut', async () => {
    const { child, next, exit } = start({
      BEHAVIOUR: JSON.stringify(stuckAfterOneToken),
      DRAIN_TIMEOUT_MS: '20',
    });
    const listening = await next('listening');
    const stream = await openStream(listening, 'x');
    await stream.events.next();
    const broken = expect(wholeStream(stream)).rejects.toThrow('terminated');
    child.kill('SIGTERM');
    await next('ready');
    await next('draining');
    expect(await next('stopped')).toMatchObject({ cut: 1 });
    await broken;
    expect(await exit).toBe(1);
  });
});

test('a behaviour that is not valid is told and ends it with 2', async () => {
  const { exit, problems } = start({ BEHAVIOUR: '{"errors":{"http500PerThousand":5000}}' });
  expect(await exit).toBe(2);
  expect(problems.join('')).toBe(
    'standin: BEHAVIOUR: behaviour.errors.http500PerThousand must be a number of requests per thousand from 0 to 1000, found 5000\n',
  );
});
