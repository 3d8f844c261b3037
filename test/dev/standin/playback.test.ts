import { expect, test } from '@jest/globals';
import { playTokens } from '../../../dev/standin/playback.ts';

const stays = new AbortController().signal;

test('all tokens that are due come in one go', async () => {
  const ranges: number[][] = [];
  expect(await playTokens([0, 0, 0], (from, to) => ranges.push([from, to]), stays)).toBe(true);
  expect(ranges).toEqual([[0, 3]]);
});

test('tokens come in order, none before its time', async () => {
  const startMs = performance.now();
  const early: number[] = [];
  let next = 0;
  const dueMs = [3, 5, 5, 12];
  const emit = (from: number, to: number): void => {
    expect(from).toBe(next);
    next = to;
    for (const due of dueMs.slice(from, to)) if (performance.now() - startMs < due) early.push(due);
  };
  expect(await playTokens(dueMs, emit, stays)).toBe(true);
  expect([next, early]).toEqual([4, []]);
});

test('an abort ends it at once', async () => {
  const leaving = new AbortController();
  const played = playTokens([0, 600_000], () => undefined, leaving.signal);
  leaving.abort();
  expect(await played).toBe(false);
});

test('nothing is played for one who left before', async () => {
  let played = 0;
  expect(await playTokens([0], () => (played += 1), AbortSignal.abort())).toBe(false);
  expect(played).toBe(0);
});

test('a wait longer than a timer can hold does not fire early', async () => {
  const leaving = new AbortController();
  let emitted = 0;
  const played = playTokens([0, 1e12], () => (emitted += 1), leaving.signal);
  await playTokens([20], () => undefined, stays);
  leaving.abort();
  expect([await played, emitted]).toEqual([false, 1]);
});
