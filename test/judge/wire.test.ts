/** What goes over the wire, and what must not: requests as an endpoint sees them. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Agent } from 'undici';
import { answerOf, run, Stage, sums } from './stage.ts';
import { sendPatiently } from '../../src/judge/http.ts';
import { Pace } from '../../src/judge/pace.ts';

interface Seen {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
  readonly atMs: number;
}

/** An endpoint that notes what it is asked, and how many requests it has at once. */
class Ear {
  readonly seen: Seen[] = [];
  most = 0;
  url = '';
  /** Statuses of the next answers; then 200. */
  statuses: number[] = [];
  retryAfter = '';
  #open = 0;
  readonly #server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    response.on('close', () => (this.#open -= 1));
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString();
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      this.seen.push({ path: request.url ?? '', headers: request.headers, body, atMs: performance.now() });
      const status = this.statuses.shift() ?? 200;
      const headers = this.retryAfter === '' ? {} : { 'retry-after': this.retryAfter };
      const answer = {
        data: [{ id: 'm' }],
        choices: [{ message: { content: `said ${request.headers.authorization ?? 'nothing'}` } }],
      };
      // A little later, so that requests meet.
      setTimeout(() => response.writeHead(status, headers).end(JSON.stringify(answer)), 5);
    });
  });

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  forget(): void {
    this.seen.length = 0;
    this.most = 0;
    this.statuses = [];
    this.retryAfter = '';
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const ear = new Ear();
let stage: Stage;
let file: string;
beforeAll(async () => {
  stage = await Stage.open();
  file = await stage.prompts(sums(20));
  await ear.open();
});
beforeEach(async () => {
  await stage.set();
  ear.forget();
});
afterAll(async () => {
  ear.close();
  await stage.close();
});

const noExtras = { noiseShare: 0, sanityShare: 0 };
const apiKey = 'sk-very-secret-key-0123456789';

describe('an arm', () => {
  const arm = () => ({ url: `${ear.url}/`, model: null, headers: { 'x-route': 'canary' } });

  test('is asked once a prompt, all alike, each request marked, without the key', async () => {
    const answer = answerOf(await run(stage.config(file, { ...noExtras, canary: arm() }), { apiKey }));
    expect(answer.trust?.asked).toBe(20);
    const [models, ...chats] = ear.seen;
    expect(models?.path).toBe('/v1/models');
    expect(chats).toHaveLength(20);
    for (const { path, headers, body } of ear.seen.slice(1)) {
      expect(path).toBe('/v1/chat/completions');
      expect(body).toMatchObject({ model: 'm', temperature: 0, seed: 1, max_tokens: 512, stream: false });
      expect(headers).not.toHaveProperty('authorization');
    }
    for (const { headers } of ear.seen)
      expect(headers).toMatchObject({ 'x-sluice-judge': '1', 'x-route': 'canary' });
  });

  test('answers noise pairs again, by another seed', async () => {
    await run(stage.config(file, { noiseShare: 1, sanityShare: 0, stable: arm() }));
    const seeds = ear.seen.slice(1).map((it) => it.body['seed']);
    expect(seeds.filter((it) => it === 1)).toHaveLength(20);
    expect(seeds.filter((it) => it === 2)).toHaveLength(20);
  });

  test('has no more requests at once than the concurrency, and no more a second than it may', async () => {
    const changes = { ...noExtras, stable: arm(), canary: arm(), concurrency: 3, mostPrompts: 8 };
    await run(stage.config(file, changes));
    expect(ear.most).toBeLessThanOrEqual(3);
    ear.forget();
    await run(stage.config(file, { ...changes, requestsPerSecond: 50 }));
    const times = ear.seen.slice(2).map((it) => it.atMs);
    // Two arms of eight requests each, 20 ms apart.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(7 * 20 - 10);
  });
});

describe('the judge', () => {
  test('gets the key, alone, and shows it nowhere', async () => {
    const judge = { url: ear.url, model: 'judge-1' };
    const transcripts = { folder: stage.folder, keepMs: 1000 };
    const ran = await run(stage.config(file, { ...noExtras, judge, transcripts }), { apiKey });
    expect(ear.seen[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(ear.seen[0]?.body).toMatchObject({ model: 'judge-1', temperature: 0, seed: 1 });
    expect(ear.seen[0]?.headers).not.toHaveProperty('x-sluice-judge');
    // It says the key in each answer.
    const { readFile } = await import('node:fs/promises');
    const transcript = await readFile(`${stage.folder}/${answerOf(ran).transcripts ?? ''}`, 'utf8');
    expect(transcript).toContain('said Bearer [secret]');
    expect(JSON.stringify([ran, transcript])).not.toContain(apiKey);
  });
});

describe('sendPatiently', () => {
  const patience = { timeoutMs: 1000, attempts: 3, backoffMs: 20, longestWaitMs: 200 };
  const signal = new AbortController().signal;
  const send = async (changes: Partial<typeof patience> = {}, headers: Record<string, string> = {}) => {
    const agent = new Agent();
    const request = { method: 'POST', url: `${ear.url}/x?y=1`, headers, body: '{}' } as const;
    try {
      return await sendPatiently(agent, request, { ...patience, ...changes }, signal);
    } finally {
      await agent.destroy();
    }
  };
  const gaps = () => ear.seen.slice(1).map((it, index) => it.atMs - (ear.seen[index]?.atMs ?? 0));

  test('tries again what passes, each time after a longer wait', async () => {
    ear.statuses = [503, 429];
    expect(await send()).toMatchObject({ kind: 'reply', status: 200 });
    expect(ear.seen.map((it) => it.path)).toEqual(['/x?y=1', '/x?y=1', '/x?y=1']);
    const [first = 0, second = 0] = gaps();
    expect(first).toBeGreaterThanOrEqual(19);
    expect(second).toBeGreaterThanOrEqual(39);
  });

  test('gives the last answer when it has tried often enough', async () => {
    ear.statuses = [500, 502, 503, 200];
    expect(await send()).toMatchObject({ kind: 'reply', status: 503 });
    expect(ear.seen).toHaveLength(3);
  });

  test.each([400, 401, 404, 422])('does not ask again after %i', async (status) => {
    ear.statuses = [status];
    expect(await send()).toMatchObject({ kind: 'reply', status });
    expect(ear.seen).toHaveLength(1);
  });

  test('waits as long as it is asked to, within bounds', async () => {
    ear.statuses = [429, 429];
    ear.retryAfter = '3600';
    await send();
    for (const gap of gaps()) {
      expect(gap).toBeGreaterThanOrEqual(199);
      expect(gap).toBeLessThan(1000);
    }
    ear.forget();
    ear.statuses = [429];
    ear.retryAfter = '0';
    await send({ backoffMs: 10_000, longestWaitMs: 10_000 });
    expect(gaps()[0]).toBeLessThan(1000);
  });

  test('what cannot be sent is told without being quoted', async () => {
    expect(await send({}, { authorization: `Bearer ${apiKey}\nx` })).toEqual({
      kind: 'failed',
      why: 'this address, or a header, cannot be sent',
    });
    expect(ear.seen).toHaveLength(0);
  });

  test('an endpoint that does not answer in time is not asked again', async () => {
    expect(await send({ timeoutMs: 1 })).toEqual({ kind: 'failed', why: 'no answer within 0.001 s' });
  });
});

test('a pace that is waited for ends with its signal', async () => {
  const pace = new Pace(0.01);
  const ending = new AbortController();
  await pace.turn(ending.signal);
  const waiting = pace.turn(ending.signal);
  ending.abort();
  await expect(waiting).rejects.toThrow();
});
