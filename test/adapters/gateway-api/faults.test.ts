import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { failureTypes } from '../../../src/domain/failures.ts';
import { fence, ref, rule } from './fixtures.ts';
import { makeRealRoute, type RealRoute } from './real-route.ts';

let real: RealRoute;

beforeEach(async () => {
  real = await makeRealRoute(rule('/v1', ref('vllm')));
  await real.traffic.claim(real.target, fence(1));
  await real.traffic.shift(real.target, 10, fence(2), null, null);
});

afterEach(() => real.remove());

const isWrite = ({ method }: { method: string }) => method !== 'GET';
const isRead = ({ method }: { method: string }) => method === 'GET';
/** Soon tired of a server that says nothing. */
const impatient = () => real.trafficFor({ requestTimeoutMs: 2000 });
const percent = async () => (await real.traffic.read(real.target)).canaryWeightPercent;

test('409: reads again, decides again, arrives', async () => {
  void real.proxy.disturb({ to: isWrite, times: 2, answer: { status: 409, body: { reason: 'Conflict' } } });
  const writes = real.proxy.writes();
  await real.traffic.shift(real.target, 50, fence(3), null, null);
  expect(real.proxy.writes() - writes).toBe(3);
  expect(await percent()).toBe(50);
});

describe.each([
  { name: 'a read', to: isRead },
  { name: 'a write', to: isWrite },
])('$name that fails', ({ to }) => {
  test.each([
    { what: '429', answer: { status: 429, headers: { 'retry-after': '2' } }, retryAfterMs: 2000 },
    { what: '500', answer: { status: 500 }, retryAfterMs: undefined },
    { what: 'no answer', answer: 'nothing' as const, retryAfterMs: undefined },
    { what: 'a cut connection', answer: 'cut' as const, retryAfterMs: undefined },
  ])(
    'with $what is Unavailable, changes nothing, and works the next time',
    async ({ answer, retryAfterMs }) => {
      void real.proxy.disturb({ to, answer });
      await expect(real.traffic.moveBack(real.target, fence(3))).rejects.toMatchObject({
        type: failureTypes.Unavailable,
        retryAfterMs,
      });
      expect(await percent()).toBe(10);
      await real.traffic.moveBack(real.target, fence(3));
      expect(await percent()).toBe(0);
    },
  );

  test('with 403 is Refused', async () => {
    void real.proxy.disturb({ to, answer: { status: 403, body: { message: 'not you' } } });
    await expect(real.traffic.moveBack(real.target, fence(3))).rejects.toMatchObject({
      type: failureTypes.Refused,
      message: expect.stringMatching(/403: not you/),
    });
  });
});

test('a change that the API server finds invalid is Refused, at once and also after a conflict', async () => {
  const invalid = { status: 422, body: { reason: 'Invalid', message: 'no' } };
  for (const conflicts of [0, 1]) {
    void real.proxy.disturb({ to: isWrite, times: conflicts, answer: { status: 409 } });
    void real.proxy.disturb({ to: isWrite, times: 2, answer: invalid });
    await expect(real.traffic.moveBack(real.target, fence(3))).rejects.toMatchObject({
      type: failureTypes.Refused,
      message: expect.stringMatching(/cannot replace HTTPRoute .*422 Invalid: no/),
    });
    void real.proxy.disturb({ to: isWrite, times: 0 });
  }
});

test.each([
  { what: 'an error', answer: { status: 504 } },
  { what: 'silence', answer: 'nothing' as const },
  { what: 'a cut connection', answer: 'cut' as const },
])('a write that arrived although $what came back is not made again', async ({ answer }) => {
  void real.proxy.disturb({ to: isWrite, forward: true, answer });
  await expect(impatient().shift(real.target, 50, fence(3), null, null)).rejects.toMatchObject({
    type: failureTypes.Unavailable,
  });
  const writes = real.proxy.writes();
  await real.traffic.shift(real.target, 50, fence(3), null, null);
  expect(real.proxy.writes()).toBe(writes);
  expect(await percent()).toBe(50);
});
