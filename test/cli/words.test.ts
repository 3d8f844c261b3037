import { describe, expect, test } from '@jest/globals';
import { paintFor } from '../../src/cli/render/paint.ts';
import { cut, table, width } from '../../src/cli/render/table.ts';
import { span } from '../../src/domain/rollout/span.ts';
import { moment, percent } from '../../src/cli/render/words.ts';

describe('words', () => {
  test.each([
    [0, '0 s'],
    [-5000, '0 s'],
    [250, '250 ms'],
    [59_999, '59 s'],
    [90_000, '1 min 30 s'],
    [3_600_000, '1 h'],
    [3_605_000, '1 h 5 s'],
    [86_400_000, '24 h'],
    [176_400_000, '2 d 1 h'],
  ])('%i ms is %s', (ms, text) => {
    expect(span(ms)).toBe(text);
  });

  test.each([
    [0.1, '0.1 %'],
    [10, '10 %'],
    [0.001 * 100, '0.1 %'],
    [33.333333, '33.33 %'],
  ])('%f percent', (value, text) => {
    expect(percent(value)).toBe(text);
  });

  test('a moment is UTC, to the second', () => {
    expect(moment(Date.UTC(2026, 10, 21, 10, 0, 12, 345))).toBe('2026-11-21 10:00:12Z');
  });
});

describe('a table', () => {
  test('colours take no width, and no line ends in blanks', () => {
    const { bad } = paintFor(true);
    const text = table([
      [bad('fail'), 'x', ''],
      ['inconclusive', 'yy', 'z'],
    ]);
    expect(text).toBe(`${bad('fail')}          x\ninconclusive  yy  z\n`);
  });

  test('a line is cut to what the terminal shows', () => {
    expect(cut('0123456789', 5)).toBe('0123…');
    expect(cut(paintFor(true).bad('0123456789'), 5)).toBe('0123…');
    expect(cut('✓ 1 %', 5)).toBe('✓ 1 %');
    expect(width('✓ 1 %')).toBe(5);
  });
});
