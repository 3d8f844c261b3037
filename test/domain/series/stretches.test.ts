import { describe, expect, test } from '@jest/globals';
import { samplesOf, stretchesOf } from '../../../src/domain/series/stretches.ts';
import { baking, nowMs, promoted } from '../../support/cli-states.ts';

const [one, ten] = baking.weights;
const [fromMs, tenMs] = [one?.atMs ?? 0, ten?.atMs ?? 0];

describe('stretches at one weight', () => {
  test('of a rollout that runs the last one ends now', () => {
    expect(stretchesOf(baking, nowMs)).toEqual([
      { fromMs, untilMs: tenMs, weightPercent: 1 },
      { fromMs: tenMs, untilMs: nowMs, weightPercent: 10 },
    ]);
  });

  test('weight 0 is none, and the end of a rollout that is over is its last event', () => {
    const weights = [...baking.weights, { atMs: tenMs + 1000, percent: 0 }];
    expect(stretchesOf({ ...baking, weights, outcome: promoted }, nowMs).at(-1)).toEqual({
      ...{ fromMs: tenMs, untilMs: tenMs + 1000, weightPercent: 10 },
    });
    const events = [{ atMs: tenMs + 5000, what: 'promoted', by: null }];
    const ended = { ...baking, events, outcome: promoted };
    expect(stretchesOf(ended, nowMs).at(-1)?.untilMs).toBe(tenMs + 5000);
  });

  test('before the first weight there is none', () => {
    expect(stretchesOf({ ...baking, weights: [] }, nowMs)).toEqual([]);
  });
});

describe('samples of a stretch', () => {
  const ofLength = (ms: number) => samplesOf({ fromMs: 1000, untilMs: 1000 + ms, weightPercent: 1 });

  test('cover it without gaps, at most 24 of them', () => {
    const samples = ofLength(3_600_000);
    expect(samples).toHaveLength(24);
    expect(samples.map((it) => it.windowMs)).toEqual(Array.from({ length: 24 }, () => 150_000));
    expect(samples[0]?.atMs).toBe(151_000);
    expect(samples.at(-1)?.atMs).toBe(3_601_000);
  });

  test('are no shorter than ten seconds; a shorter stretch has one', () => {
    expect(ofLength(35_000).map((it) => it.windowMs)).toEqual([11_667, 11_667, 11_667]);
    expect(ofLength(400)).toEqual([{ atMs: 1400, windowMs: 400 }]);
  });
});
