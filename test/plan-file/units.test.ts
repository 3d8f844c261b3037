import { describe, expect, test } from '@jest/globals';
import { formatDuration, parseDuration } from '../../src/plan-file/duration.ts';
import { formatPercent, parsePercent, parseSignedPercent } from '../../src/plan-file/percent.ts';

describe('durations', () => {
  test.each<[string, number | null]>([
    ['0s', 0],
    ['500ms', 500],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['1h30m', 5_400_000],
    ['1h2m3s4ms', 3_723_004],
    ['1m1ms', 60_001],
    ['24h', 86_400_000],
    ['010s', 10_000],
    ['', null],
    ['0', null],
    ['30', null],
    ['1.5h', null],
    ['-1s', null],
    ['1d', null],
    ['30m1h', null],
    ['1m1m', null],
    ['1 h', null],
    [' 1h', null],
    ['1h\n', null],
    ['1H', null],
    ['h', null],
  ])('%j is %j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test('what is printed is read as the same, and is the shortest way to write it', () => {
    // Steps of a prime, through four weeks: all units, alone and together.
    for (let ms = 1; ms < 28 * 86_400_000; ms += 1_000_003) {
      const text = formatDuration(ms);
      expect(parseDuration(text)).toBe(ms);
      expect(text).not.toMatch(/\b0[a-z]/);
    }
    for (const ms of [0, 1, 999, 1000, 59_999, 60_000, 3_599_999, 3_600_000]) {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }
  });

  test.each([
    [0, '0s'],
    [90_000, '1m30s'],
    [86_400_000, '24h'],
    [1, '1ms'],
  ])('%i ms is printed as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('shares', () => {
  test.each<[string, number | null]>([
    ['1%', 0.01],
    ['0.1%', 0.001],
    ['0.1 %', 0.001],
    ['0.7%', 0.007],
    ['100%', 1],
    ['0%', 0],
    ['1', null],
    ['0.01', null],
    ['.1%', null],
    ['-1%', null],
    ['1  %', null],
    ['1%%', null],
    ['1e-3%', null],
  ])('%j is %j', (text, share) => {
    expect(parsePercent(text)).toBe(share);
  });

  test.each<[string, number | null]>([
    ['-2%', -0.02],
    ['-0.1 %', -0.001],
    ['2%', 0.02],
    ['--2%', null],
    ['- 2%', null],
  ])('as a difference %j is %j', (text, share) => {
    expect(parseSignedPercent(text)).toBe(share);
  });

  test('what is printed is read as the same', () => {
    for (let thousandths = 1; thousandths <= 100_000; thousandths += 7) {
      const share = Number(`${thousandths}e-5`);
      expect(parsePercent(formatPercent(share))).toBe(share);
    }
  });
});
