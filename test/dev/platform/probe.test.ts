import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { probeOnce } from '../../../dev/platform/probe.ts';

describe('probeOnce', () => {
  let server: Server;
  let url: string;
  const ask = (probe: Parameters<typeof probeOnce>[0]) => probeOnce(probe, process.env['PATH'] ?? '', 0);

  beforeAll(async () => {
    server = createServer((request, response) => {
      response.writeHead(request.url === '/ready' ? 200 : 503).end('body');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  test('200 is healthy', async () => {
    expect(await ask({ kind: 'http', url: `${url}/ready` })).toEqual({ healthy: true });
  });

  test('another status is told', async () => {
    expect(await ask({ kind: 'http', url: `${url}/no` })).toEqual({
      healthy: false,
      seen: `${url}/no answers 503`,
    });
  });

  test('a refused connection is told, not thrown', async () => {
    const refused = await ask({ kind: 'http', url: 'http://127.0.0.1:1/' });
    expect(refused).toEqual({ healthy: false, seen: expect.stringContaining('ECONNREFUSED') as unknown });
  });

  test('a command is healthy by its exit code; else its last line is told', async () => {
    expect(await ask({ kind: 'command', argv: ['true'], inBox: false })).toEqual({ healthy: true });
    const failing = ['sh', '-c', 'echo first; echo last >&2; exit 3'];
    expect(await ask({ kind: 'command', argv: failing, inBox: false })).toEqual({
      healthy: false,
      seen: 'last',
    });
  });

  test('a program that is not there is told, not thrown', async () => {
    const missing = await ask({ kind: 'command', argv: ['no-such-program'], inBox: false });
    expect(missing).toEqual({ healthy: false, seen: expect.stringContaining('no-such-program') as unknown });
  });
});
