import { afterEach, describe, expect, test } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { AlertDesk } from '../../../src/worker/alerts/alert-desk.ts';
import { serveAlerts } from '../../../src/worker/alerts/route.ts';
import { createHttpServer } from '../../../src/worker/http-server.ts';
import { createLogger } from '../../../src/worker/logger.ts';
import { RolloutMetrics } from '../../../src/worker/metrics.ts';
import { samples } from '../../support/worker-samples.ts';
import { alertOf, FakeRollouts, notificationOf } from './alerts.ts';

const token = 'a-token-of-the-tests';
const bearer = { authorization: `Bearer ${token}` };

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** The worker's server over the rollout of cli-states.ts. */
function served({ readToken = (): string => token, desk = new AlertDesk('abort') } = {}) {
  const metrics = new RolloutMetrics();
  const rollouts = new FakeRollouts();
  desk.rollouts = rollouts;
  const log: Record<string, unknown>[] = [];
  const logger = createLogger('debug', {
    write: (line: string) => {
      log.push(JSON.parse(line) as Record<string, unknown>);
    },
  });
  const parts = { whyNotReady: () => [], registry: metrics.registry, coreMetrics: () => Promise.resolve('') };
  const server = createHttpServer(parts);
  const onResult: Parameters<typeof serveAlerts>[1]['onResult'] = (result) => {
    metrics.alerted(result);
  };
  serveAlerts(server, { desk, readToken, onResult, logger });
  open.push(() => server.close());
  const post = (payload: InjectOptions['payload'], headers: Record<string, string> = bearer) =>
    server.inject({
      method: 'POST',
      url: '/alerts',
      headers: { 'content-type': 'application/json', ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  /** What was counted, without what was not. */
  const counted = async () => {
    const all = await samples(metrics, 'sluice_alerts_total');
    return all.filter((line) => !line.endsWith(' 0'));
  };
  return { server, post, rollouts, desk, log, counted };
}

describe('POST /alerts', () => {
  test('200 with what came of each alert; counted and logged', async () => {
    const { post, rollouts, log, counted } = served();
    const answer = await post(notificationOf(alertOf(), alertOf({ sluice_rollout: 'other' })));
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      alerts: [
        {
          alert: 'VllmErrors',
          rollout: 'rollout/default/llm/vllm',
          result: 'aborted',
          why: 'the rollout was told to abort',
        },
        { alert: 'VllmErrors', rollout: 'rollout/default/llm/other', result: 'noRollout', why: 'none' },
      ],
    });
    expect(rollouts.told).toHaveLength(1);
    expect((await counted()).toSorted()).toEqual([
      'sluice_alerts_total{result="aborted"} 1',
      'sluice_alerts_total{result="noRollout"} 1',
    ]);
    expect(log).toMatchObject([
      { level: 'warn', rollout: 'rollout/default/llm/vllm', alert: 'VllmErrors', msg: 'an alert: aborted' },
      { level: 'info', rollout: 'rollout/default/llm/other', msg: 'an alert: noRollout' },
    ]);
  });

  test('503 when Temporal does not answer, so that Alertmanager comes again', async () => {
    const { post, desk, counted } = served();
    desk.rollouts = null;
    const answer = await post(notificationOf(alertOf()));
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ alerts: [{ result: 'unanswered' }] });
    expect(await counted()).toEqual(['sluice_alerts_total{result="unanswered"} 1']);
  });

  test.each<[string, Record<string, string>]>([
    ['none', {}],
    ['another', { authorization: 'Bearer a-token-of-somebody' }],
    ['one that only begins like it', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['one that goes on after it', { authorization: `Bearer ${token}x` }],
    ['two', { authorization: `Bearer ${token} ${token}` }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['the right one in another scheme', { authorization: `Basic ${token}` }],
    ['the right one alone', { authorization: token }],
  ])('401 for a token that is not right: %s', async (_, headers) => {
    const { post, rollouts, log, counted } = served();
    const answer = await post(notificationOf(alertOf()), headers);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(rollouts.told).toEqual([]);
    expect(await counted()).toEqual(['sluice_alerts_total{result="unauthorized"} 1']);
    expect(log).toMatchObject([{ level: 'warn', msg: 'a request to /alerts without the right token' }]);
    expect(JSON.stringify(log) + answer.body).not.toContain(token.slice(0, 10));
  });

  test('the scheme may be written in any case (RFC 9110)', async () => {
    const { post } = served();
    const answer = await post(notificationOf(), { authorization: `bearer ${token}` });
    expect(answer.statusCode).toBe(200);
  });

  test('a token that was changed counts at once', async () => {
    let now = token;
    const { post } = served({ readToken: () => now });
    now = 'the-next-token-of-the-tests';
    expect((await post(notificationOf())).statusCode).toBe(401);
    expect((await post(notificationOf(), { authorization: `Bearer ${now}` })).statusCode).toBe(200);
  });

  test('503 and an error in the log when there is no token to compare with', async () => {
    const readToken = () => {
      throw new Error('ENOENT: no such file');
    };
    const { post, rollouts, log } = served({ readToken });
    expect((await post(notificationOf(alertOf()))).statusCode).toBe(503);
    expect(rollouts.told).toEqual([]);
    expect(log).toMatchObject([{ level: 'error', why: 'ENOENT: no such file' }]);
  });

  test.each<[string, number, InjectOptions['payload'], Record<string, string>, string]>([
    ['a notification of another version', 400, { version: '3', alerts: [] }, {}, 'version must be "4"'],
    ['a text that is no JSON', 400, '{"version"', {}, 'JSON'],
    ['nothing', 400, undefined, {}, 'Body cannot be empty'],
    [
      'a form',
      415,
      'version=4',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'Unsupported Media',
    ],
    ['a body above 1 MiB', 413, `"${'x'.repeat(1024 * 1024)}"`, {}, 'too large'],
  ])('%s: %i, and why', async (_, status, payload, headers, why) => {
    const { post, rollouts, log, counted } = served();
    const answer = await post(payload, { ...bearer, ...headers });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toEqual({ error: expect.stringContaining(why) });
    expect(rollouts.told).toEqual([]);
    expect(await counted()).toEqual(['sluice_alerts_total{result="invalid"} 1']);
    expect(log).toMatchObject([{ level: 'warn', why: expect.stringContaining(why) }]);
  });

  test('a body that is too large is refused before it is read when the token is not right', async () => {
    const { post } = served();
    expect((await post(`"${'x'.repeat(1024 * 1024)}"`, {})).statusCode).toBe(401);
  });

  test('says in the log that Alertmanager left alerts out', async () => {
    const { post, log } = served();
    await post({ ...notificationOf(), truncatedAlerts: 7 });
    expect(log).toMatchObject([{ level: 'warn', truncatedAlerts: 7 }]);
  });

  test('500 without details when it fails itself; the log has them', async () => {
    const desk = new AlertDesk('abort');
    desk.take = () => Promise.reject(new Error('a fault of ours'));
    const { post, log } = served({ desk });
    const answer = await post(notificationOf(alertOf()));
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('a fault of ours');
    expect(log).toMatchObject([{ level: 'error', err: { message: 'a fault of ours' } }]);
  });

  test('only POST; health and metrics ask for no token', async () => {
    const { server } = served();
    expect((await server.inject({ method: 'GET', url: '/alerts', headers: bearer })).statusCode).toBe(404);
    for (const url of ['/livez', '/readyz', '/metrics'])
      expect((await server.inject({ method: 'GET', url })).statusCode).toBe(200);
  });
});
