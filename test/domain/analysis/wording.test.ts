import { expect, test } from '@jest/globals';
import { duration, percent, times } from '../../../src/domain/analysis/wording.ts';

test.each([
  { text: percent(0.023), expected: '2.3 %' },
  { text: percent(0.001), expected: '0.1 %' },
  { text: percent(0), expected: '0 %' },
  { text: percent(1), expected: '100 %' },
  { text: percent(0.0234), expected: '2.3 %' },
  { text: duration(0.18), expected: '180 ms' },
  { text: duration(0.0534), expected: '53 ms' },
  { text: duration(1.2345), expected: '1235 ms' },
  { text: duration(12.54), expected: '13 s' },
  { text: times(3.4), expected: '3.4 x' },
  { text: times(412.3), expected: '412 x' },
  { text: times(999.7), expected: '1000 x' },
])('$expected', ({ text, expected }) => {
  expect(text).toBe(expected);
});

test.each([
  { name: 'just below the limit', value: 0.00996, expected: '0.996 %' },
  { name: 'just above the limit', value: 0.010004, expected: '1.0004 %' },
  { name: 'the limit itself', value: 0.01, expected: '1 %' },
])('a value $name does not read like the limit', ({ value, expected }) => {
  expect(percent(value, 0.01)).toBe(expected);
});
