import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WebValues } from '../../../src/adapters/values/web-values.ts';
import type { ToldValue } from '../../../src/domain/analysis/measurement.ts';
import type { AddressesPlan } from '../../../src/domain/plan/metrics-plan.ts';
import { plain, startScoreServer, type ScoreServer } from './score-server.ts';

let server: ScoreServer;
beforeAll(async () => {
  server = await startScoreServer();
});
beforeEach(() => {
  server.asked.length = 0;
  server.answer = plain('{"data":{"score":1}}');
});
afterAll(() => server.close());

const never = new AbortController().signal;
const minute = 60_000;

function plan(changes: Partial<AddressesPlan> = {}): AddressesPlan {
  const { url } = server;
  return {
    stable: `${url}/stable`,
    canary: `${url}/canary?key=hunter2`,
    path: '$.data.score',
    headers: {},
    ...changes,
  };
}

async function told(changes?: Partial<AddressesPlan>, web = new WebValues()): Promise<ToldValue | undefined> {
  return (await web.read(plan(changes), { windowsMs: [minute] }, never)).get(minute)?.canary;
}

/** The reason names the host, nothing else of the address. */
const host = () => new URL(server.url).host;

test('each arm is asked at its own address, once for all windows', async () => {
  server.answer = ({ url }, response) => {
    response.end(JSON.stringify({ data: { score: url === '/stable' ? 0.9 : 0.8 } }));
  };
  const found = await new WebValues().read(plan(), { windowsMs: [minute, 5 * minute] }, never);
  const both = { stable: { value: 0.9 }, canary: { value: 0.8 } };
  expect([...found]).toEqual([
    [minute, both],
    [5 * minute, both],
  ]);
  expect(server.asked.toSorted()).toEqual(['GET /canary?key=hunter2', 'GET /stable']);
});

test('headers of the plan are sent', async () => {
  server.answer = ({ headers }, response) => {
    response.end(JSON.stringify({ data: { score: Number(headers['x-tenant']) } }));
  };
  expect(await told({ headers: { 'x-tenant': '7' } })).toEqual({ value: 7 });
});

describe('what a path selects', () => {
  const body = {
    data: { score: 0.8, none: null, text: '0.8', list: [0.8], flag: true },
    results: [
      { name: 'a', score: 1 },
      { name: 'b', score: 2 },
    ],
  };

  test.each<[string, ToldValue]>([
    ['$.data.score', { value: 0.8 }],
    ["$.results[?@.name == 'b'].score", { value: 2 }],
    ['$..results[0].score', { value: 1 }],
    ['$.data.other', { missing: '$.data.other selects nothing' }],
    ['$.constructor', { missing: '$.constructor selects nothing' }],
    ['$.data.none', { missing: '$.data.none selects null' }],
    ['$.results[*].score', { failed: '$.results[*].score selects several values: exactly one is needed' }],
    ['$.data.text', { failed: '$.data.text selects a text, a number is needed' }],
    ['$.data.list', { failed: '$.data.list selects a list, a number is needed' }],
    ['$.data.flag', { failed: '$.data.flag selects a truth value, a number is needed' }],
    ['$.data', { failed: '$.data selects a map, a number is needed' }],
  ])('%s', async (path, expected) => {
    server.answer = plain(JSON.stringify(body));
    const found = JSON.stringify(await told({ path }));
    expect(found.replace(`${host()}: `, '')).toBe(JSON.stringify(expected));
  });

  test.each(['score', '$.[', '$[?match(@.a, "x")]'])('%s is no path that is used', async (path) => {
    server.answer = plain(JSON.stringify(body));
    expect(await told({ path })).toMatchObject({ failed: expect.stringContaining(`${path} cannot be used`) });
  });
});

describe('answers that are none', () => {
  test.each<{ name: string; body: string; status?: number; expected: (host: string) => ToldValue }>([
    {
      name: 'an error',
      body: '{"data":{"score":1}}',
      status: 500,
      expected: (it) => ({ failed: `${it}: HTTP 500` }),
    },
    { name: 'no content', body: '', status: 204, expected: (it) => ({ failed: `${it}: HTTP 204` }) },
    { name: 'not JSON', body: '<html>', expected: (it) => ({ failed: `${it}: the answer is not JSON` }) },
    { name: 'nothing', body: '', expected: (it) => ({ failed: `${it}: the answer is not JSON` }) },
    {
      name: 'NaN',
      body: '{"data":{"score":NaN}}',
      expected: (it) => ({ failed: `${it}: the answer is not JSON` }),
    },
    {
      ...{ name: 'a number beyond all', body: '{"data":{"score":1e999}}' },
      expected: (it) => ({ missing: `${it}: the value is Infinity` }),
    },
    {
      ...{ name: '2 MiB', body: JSON.stringify({ data: { score: 1 }, more: 'x'.repeat(2 * 1024 ** 2) }) },
      expected: (it) => ({ failed: `${it}: the answer is longer than 1048576 bytes` }),
    },
  ])('$name', async ({ body, status, expected }) => {
    server.answer = plain(body, status);
    expect(await told()).toEqual(expected(host()));
  });

  test('2 MiB without a length, and an endless one, are given up', async () => {
    server.answer = (_, response) => {
      const more = setInterval(() => response.write('[1,'.repeat(10_000)), 1);
      response.on('close', () => {
        clearInterval(more);
      });
    };
    expect(await told()).toEqual({ failed: `${host()}: the answer is longer than 1048576 bytes` });
  });

  test('deeper than anybody nests is an error, not the end of the worker', async () => {
    server.answer = plain(`${'['.repeat(20_000)}1${']'.repeat(20_000)}`);
    expect(await told({ path: '$..score' })).toMatchObject({
      failed: expect.stringContaining('cannot be used'),
    });
  });

  test('nor is a comparison of what is nested as deep', async () => {
    const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
    server.answer = plain(`[${deep},${deep}]`);
    expect(await told({ path: '$[?@ == $[0]]' })).toMatchObject({
      failed: expect.stringContaining('cannot be used: not on such an answer'),
    });
  });

  test('a redirect is not followed', async () => {
    server.answer = ({ url }, response) => {
      if (url === '/elsewhere') response.end('{"data":{"score":1}}');
      else response.writeHead(302, { location: '/elsewhere' }).end();
    };
    expect(await told()).toEqual({ failed: `${host()}: HTTP 302` });
    expect(server.asked).not.toContain('GET /elsewhere');
  });

  test.each(['headers', 'body'])('%s that do not come in time', async (what) => {
    server.answer = (_, response) => {
      if (what === 'body') response.writeHead(200).write('{"data":');
    };
    expect(await told({}, new WebValues({ timeoutMs: 200 }))).toEqual({
      failed: `${host()}: no answer within 0.2 s`,
    });
  });

  test('nobody listens', async () => {
    expect(await told({ canary: 'http://127.0.0.1:1/?key=hunter2' })).toEqual({
      failed: '127.0.0.1:1: no connection or a broken one (ECONNREFUSED)',
    });
  });

  test.each(['http://me:hunter2@127.0.0.1:1/', 'ftp://127.0.0.1/', 'scores'])(
    'the address %s',
    async (canary) => {
      expect(await told({ canary })).toEqual({
        failed: 'the address must be http or https, without user and password',
      });
    },
  );

  test('a header that cannot be sent', async () => {
    expect(await told({ headers: { 'x-a': 'a\r\nx-b: c' } })).toEqual({
      failed: `${host()}: this address, or one of the headers, cannot be sent`,
    });
  });
});

test('whoever leaves waits for nothing', async () => {
  server.answer = () => undefined;
  const leave = new AbortController();
  const found = new WebValues().read(plan(), { windowsMs: [minute] }, leave.signal);
  leave.abort();
  expect((await found).get(minute)?.stable).toEqual({ failed: `${host()}: the question was aborted` });
});

test('a host gets at most four requests at a time', async () => {
  server.waiting.most = 0;
  server.answer = (_, response) => {
    setTimeout(() => response.end('{"data":{"score":1}}'), 20);
  };
  const web = new WebValues();
  const all = await Promise.all(Array.from({ length: 20 }, () => told({}, web)));
  expect(all).toEqual(Array(20).fill({ value: 1 }));
  expect(server.waiting.most).toBeLessThanOrEqual(4);
});

test('of earlier times nothing is told, and nobody asked', async () => {
  const look = { windowsMs: [minute], atMs: Date.now() - 3_600_000 };
  const found = (await new WebValues().read(plan(), look, never)).get(minute);
  expect(found?.canary).toEqual({ missing: 'it is told as it is now, and was asked of earlier' });
  expect(server.asked).toEqual([]);
});
