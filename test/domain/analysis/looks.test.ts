import { describe, expect, test } from '@jest/globals';
import { guardLooks } from '../../../src/domain/analysis/looks.ts';

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
