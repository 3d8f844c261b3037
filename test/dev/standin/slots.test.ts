import { describe, expect, test } from '@jest/globals';
import { Slots, type Limits } from '../../../dev/standin/slots.ts';

const stays = new AbortController().signal;

function slotsOf(given: Partial<Limits>): {
  slots: Slots;
  limits: { maxConcurrent: number; kvCacheTokens: number };
} {
  const limits = { maxConcurrent: 1, kvCacheTokens: 100, ...given };
  return { slots: new Slots(() => limits), limits };
}

describe('Slots', () => {
  test('admits up to the bound, then first come, first served', async () => {
    const { slots } = slotsOf({});
    const first = await slots.acquire(1, stays);
    const order: string[] = [];
    const second = slots.acquire(1, stays).then((release) => (order.push('second'), release));
    const third = slots.acquire(1, stays).then((release) => (order.push('third'), release));
    expect([slots.running, slots.waiting]).toEqual([1, 2]);
    first?.();
    (await second)?.();
    (await third)?.();
    expect(order).toEqual(['second', 'third']);
    expect([slots.running, slots.waiting, slots.kvCacheUsage]).toEqual([0, 0, 0]);
  });

  test('waits for room in the KV cache', async () => {
    const { slots } = slotsOf({ maxConcurrent: 9 });
    const release = await slots.acquire(60, stays);
    const next = slots.acquire(60, stays);
    expect([slots.running, slots.waiting, slots.kvCacheUsage]).toEqual([1, 1, 0.6]);
    release?.();
    await next;
    expect([slots.running, slots.waiting]).toEqual([1, 0]);
  });

  test('a request larger than the cache runs alone', async () => {
    const { slots } = slotsOf({ maxConcurrent: 9 });
    expect(await slots.acquire(500, stays)).toBeDefined();
    expect(slots.kvCacheUsage).toBe(1);
  });

  test('one that leaves the queue gets nothing and holds nobody up', async () => {
    const { slots } = slotsOf({ maxConcurrent: 9 });
    await slots.acquire(60, stays);
    const leaving = new AbortController();
    const large = slots.acquire(60, leaving.signal);
    const small = slots.acquire(10, stays);
    expect(slots.waiting).toBe(2);
    leaving.abort();
    expect(await large).toBeUndefined();
    expect(await small).toBeDefined();
  });

  test('one that left before it came is never queued', async () => {
    const { slots } = slotsOf({});
    expect(await slots.acquire(1, AbortSignal.abort())).toBeUndefined();
    expect(slots.running).toBe(0);
  });

  test('a raised bound admits at once when told', async () => {
    const { slots, limits } = slotsOf({});
    await slots.acquire(1, stays);
    const next = slots.acquire(1, stays);
    limits.maxConcurrent = 2;
    slots.admit();
    expect(await next).toBeDefined();
  });

  test('giving a slot back twice frees it once', async () => {
    const { slots } = slotsOf({ maxConcurrent: 2 });
    const release = await slots.acquire(1, stays);
    await slots.acquire(1, stays);
    release?.();
    release?.();
    expect(slots.running).toBe(1);
  });
});
