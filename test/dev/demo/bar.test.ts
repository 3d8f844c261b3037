import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { percent, splitBar } from '../../../dev/demo/bar.ts';

test.each([
  [0, 100, '░░░░░░░░░░'],
  [10, 90, '█░░░░░░░░░'],
  [50, 50, '█████░░░░░'],
  [100, 0, '██████████'],
  // A single request of the canary is seen, however small its share.
  [1, 999, '█░░░░░░░░░'],
  [0, 0, ''],
])('%d of the canary and %d of stable: %s', (canary, stable, expected) => {
  expect(stripVTControlCharacters(splitBar(canary, stable, 10))).toBe(expected);
});

test.each([
  [1, 8, '12.5 %'],
  [0, 5, '0.0 %'],
  [0, 0, '-'],
])('%d of %d is %s', (part, whole, expected) => {
  expect(percent(part, whole)).toBe(expected);
});
