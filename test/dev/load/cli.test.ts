import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { runCli, type Terminal } from '../../../dev/load/cli.ts';
import type { LoadReport } from '../../../dev/load/report.ts';
import { answerWell, type FakeService, serve } from './service.ts';

const main = fileURLToPath(new URL('../../../dev/load/main.ts', import.meta.url));

let service: FakeService | undefined;
afterEach(() => service?.close());

/** The command as a process of its own: it must end by itself. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code: code as number | null, stdout, stderr }),
  );
  return { child, ended };
}

/** The command in this process, with a terminal that only takes notes. */
function inProcess(...argv: readonly string[]) {
  const written = { out: '', err: '' };
  let interrupt = (): void => {
    throw new Error('nobody listens for interruptions');
  };
  const terminal: Terminal = {
    out: (it) => (written.out += it),
    err: (it) => (written.err += it),
    colour: false,
    onInterrupt: (listener) => {
      interrupt = listener;
    },
  };
  const ended = runCli(argv, terminal);
  return {
    ended,
    written,
    interrupt: () => {
      interrupt();
    },
  };
}

const short = ['--rate', '100', '--duration', '200ms'];

describe('load', () => {
  test('prints JSON and nothing else for machines, and ends', async () => {
    service = await serve((call) => {
      answerWell(call, call.index % 2 === 0 ? 'stable' : 'canary');
    });
    const { code, stdout, stderr } = await start('--url', service.url, ...short, '--output', 'json').ended;
    const report = JSON.parse(stdout) as LoadReport;
    expect(report.total).toMatchObject({ sent: 20, good: 20, failed: 0 });
    expect(Object.keys(report.arms)).toEqual(['canary', 'stable']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('prints a line for each second and a table for people, without colours where there is no terminal', async () => {
    service = await serve((call) => {
      answerWell(call, 'stable');
    });
    const { code, stdout } = await start('--url', service.url, '--rate', '20', '--duration', '1100ms').ended;
    expect(stdout).toMatch(
      /^ {3}1s {2}sent \d+, in flight \d+ {2}\| {2}stable ended \d+ good \d+ failed 0 p99 /m,
    );
    expect(stdout).toMatch(/^stable +22 +22 +0 /m);
    expect(stdout).toMatch(/^total +22 +22 +0 /m);
    expect(stdout).toContain('nothing failed');
    expect(stdout).not.toContain('\u001b');
    expect(code).toBe(0);
  });

  test.each([
    { flags: ['--fail-on-error'], code: 1 },
    { flags: [], code: 0 },
  ])('ends with $code after failures with $flags', async ({ flags, code }) => {
    service = await serve(({ response }) => response.writeHead(500).end('engine died'));
    const { ended, written } = inProcess('--url', service.url, ...short, ...flags);
    expect(await ended).toBe(code);
    expect(written.out).toContain('failed 20: status_500, first: engine died');
  });

  test('ends with 0 after success with --fail-on-error', async () => {
    service = await serve(answerWell);
    expect(await inProcess('--url', service.url, ...short, '--fail-on-error').ended).toBe(0);
  });

  test('prints the report so far when interrupted, with everything that was in flight', async () => {
    service = await serve((call) => {
      answerWell(call, 'stable');
    });
    const { child, ended } = start(
      '--url',
      service.url,
      '--rate',
      '100',
      '--duration',
      '1h',
      '--output',
      'json',
    );
    await service.received(30);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    const report = JSON.parse(stdout) as LoadReport;
    expect(report.sent).toBe(service.calls.length);
    expect(report).toMatchObject({ inFlight: 0, total: { good: report.sent } });
    expect(code).toBe(0);
  });

  test('reports at once when interrupted twice', async () => {
    service = await serve(() => undefined);
    const { ended, written, interrupt } = inProcess(
      '--url',
      service.url,
      '--rate',
      '100',
      '--duration',
      '1h',
    );
    await service.received(5);
    interrupt();
    expect(written.err).toMatch(/^Waiting for \d+ requests in flight; interrupt again/);
    interrupt();
    expect(await ended).toBe(130);
    expect(written.out).toMatch(/still in flight/);
  });

  test('helps', async () => {
    const { ended, written } = inProcess('--help');
    expect(await ended).toBe(0);
    expect(written.out).toContain('--stream-share <share>');
  });

  const url = ['--url', 'http://127.0.0.1:1'];
  test.each([
    { argv: [], says: ['--url'] },
    { argv: ['--url', 'ftp://x'], says: ['--url', 'http or https', 'ftp://x'] },
    { argv: [...url, '--rate', 'fast'], says: ['--rate', 'number', 'fast'] },
    { argv: [...url, '--rate', ''], says: ['--rate', 'number'] },
    { argv: [...url, '--rate', '0'], says: ['--rate', '0.001 to 10000', 'found 0'] },
    { argv: [...url, '--stream-share', '2'], says: ['--stream-share', '0 to 1', 'found 2'] },
    { argv: [...url, '--duration', '30'], says: ['--duration', '30s', "'30'"] },
    { argv: [...url, '--duration', '0s'], says: ['--duration', 'more than 0', 'found 0'] },
    { argv: [...url, '--timeout', '2h'], says: ['--timeout', '3600000', 'found 7200000'] },
    { argv: [...url, '--output', 'xml'], says: ['--output', 'text, json', 'xml'] },
    { argv: [...url, '--spacing', 'even'], says: ['--spacing', 'constant, poisson', 'even'] },
    { argv: [...url, '--header', 'nothing'], says: ['--header', 'name: value', 'nothing'] },
    { argv: [...url, '--header', 'Connection: close'], says: ['--header', 'Connection'] },
    { argv: [...url, '--speed', '3'], says: ['--speed'] },
    { argv: [...url, 'extra'], says: ['argument'] },
  ])('refuses $argv with 2 and says why', async ({ argv, says }) => {
    const { ended, written } = inProcess(...argv);
    expect(await ended).toBe(2);
    for (const it of says) expect(written.err).toContain(it);
    expect(written.out).toBe('');
  });
});
