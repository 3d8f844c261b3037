import { describe, expect, test } from '@jest/globals';
import { guardLooks, isDue } from '../../../src/domain/analysis/looks.ts';

const minute = 60_000;
const startsOf = (elapsedMs: number) => guardLooks(elapsedMs, minute).map((it) => elapsedMs - it.windowMs);

describe('how far back a guard looks', () => {
  test.each([
    { name: 'at first to the start alone', elapsedMs: 1.9 * minute, starts: [0] },
    { name: 'then to the window before the present one', elapsedMs: 2 * minute, starts: [0, minute] },
    { name: 'which stays while a window lasts', elapsedMs: 2.9 * minute, starts: [0, minute] },
    { name: 'and in longer windows', elapsedMs: 9 * minute, starts: [0, 8 * minute, 4 * minute] },
    {
      name: 'each four times as long',
      elapsedMs: 65 * minute,
      starts: [0, 64 * minute, 60 * minute, 48 * minute],
    },
  ])('$name', ({ elapsedMs, starts }) => {
    expect(startsOf(elapsedMs)).toEqual(starts);
  });

  test('all starts that it can ever have share one doubt, for a week', () => {
    const shares = new Map<string, number>();
    for (let elapsedMs = minute / 2; elapsedMs < 7 * 24 * 60 * minute; elapsedMs += minute / 2) {
      for (const [scale, { windowMs, share }] of guardLooks(elapsedMs, minute).entries()) {
        const start = `${scale} ${elapsedMs - windowMs}`;
        // The same start never gets more than it got before.
        expect(shares.get(start) ?? share).toBe(share);
        shares.set(start, share);
      }
    }
    const spent = [...shares.values()].reduce((sum, it) => sum + it, 0);
    expect(spent).toBeGreaterThan(0.9);
    expect(spent).toBeLessThanOrEqual(1);
  });
});

describe('when a window is looked at again', () => {
  const looksOf = (windowMs: (elapsedMs: number) => number, fromMs: number, toMs: number) => {
    let [looks, beforeMs] = [0, fromMs];
    for (let elapsedMs = fromMs + 10_000; elapsedMs <= toMs; elapsedMs += 10_000) {
      if (isDue(windowMs(elapsedMs), { elapsedMs, beforeMs })) looks += 1;
      beforeMs = elapsedMs;
    }
    return looks;
  };

  test('a short one at each look', () => {
    expect(looksOf(() => 2 * minute, 0, 10 * minute)).toBe(60);
  });

  test('the whole time ever more seldom as it grows, and never after more than a fiftieth of it', () => {
    const hour = 60 * minute;
    expect(looksOf((elapsedMs) => elapsedMs, hour, 2 * hour)).toBeGreaterThanOrEqual(50);
    expect(looksOf((elapsedMs) => elapsedMs, hour, 2 * hour)).toBeLessThan(130);
    expect(looksOf((elapsedMs) => elapsedMs, 12 * hour, 24 * hour)).toBeLessThan(130);
  });

  test('all of them when there was no look before', () => {
    expect(isDue(24 * 60 * minute, { elapsedMs: 24 * 60 * minute, beforeMs: null })).toBe(true);
  });
});
