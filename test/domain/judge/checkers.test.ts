import { describe, expect, test } from '@jest/globals';
import { isRight, lastNumber, type KeepsSchema } from '../../../src/domain/judge/checkers.ts';
import type { Checker } from '../../../src/domain/judge/read-checker.ts';

const noSchema: KeepsSchema = () => {
  throw new Error('no schema is asked for');
};

describe('isRight', () => {
  test.each<[string, Checker, string, boolean]>([
    ['exact', { kind: 'exact', value: 'Lisbon', ignoreCase: false }, ' Lisbon\n', true],
    ['exact, another case', { kind: 'exact', value: 'Lisbon', ignoreCase: false }, 'lisbon', false],
    ['exact, case aside', { kind: 'exact', value: 'Lisbon', ignoreCase: true }, 'LISBON', true],
    ['exact, with more', { kind: 'exact', value: 'Lisbon', ignoreCase: true }, 'It is Lisbon', false],
    ['regex', { kind: 'regex', pattern: '^yes\\b', ignoreCase: true }, 'Yes, it is.', true],
    ['regex, elsewhere', { kind: 'regex', pattern: '^yes\\b', ignoreCase: true }, 'Oh yes', false],
    ['numeric', { kind: 'numeric', value: 42, tolerance: 0 }, '17 + 25 = 42.', true],
    ['numeric, another number last', { kind: 'numeric', value: 42, tolerance: 0 }, '42, or 43', false],
    ['numeric, within', { kind: 'numeric', value: 3.14159, tolerance: 0.01 }, 'about 3.14', true],
    ['numeric, at the edge', { kind: 'numeric', value: 0.3, tolerance: 0.1 }, '0.4', true],
    ['numeric, beyond', { kind: 'numeric', value: 3.14159, tolerance: 0.01 }, 'about 3.1', false],
    ['numeric, none', { kind: 'numeric', value: 0, tolerance: 10 }, 'nothing', false],
    ['an empty answer', { kind: 'exact', value: 'a', ignoreCase: false }, '', false],
  ])('%s', (_name, checker, answer, right) => {
    expect(isRight(checker, answer, noSchema)).toBe(right);
  });

  test.each([
    ['JSON', '{"a": 1}', [{ a: 1 }]],
    ['JSON in a fence', '```json\n{"a": 1}\n```\n', [{ a: 1 }]],
    ['a document that is false', 'false', [false]],
    ['text around it', 'Here: {"a": 1}', []],
    ['nothing', '', []],
  ])('a schema is asked about %s', (_name, answer, asked) => {
    const seen: unknown[] = [];
    const right = isRight({ kind: 'jsonSchema', schema: true }, answer, (_schema, document) => {
      seen.push(document);
      return true;
    });
    expect(seen).toEqual(asked);
    expect(right).toBe(asked.length === 1);
  });
});

test.each([
  ['a sum', '17 + 25 = 42.', 42],
  ['thousands', 'It is 1,234,567.5 in all', 1_234_567.5],
  ['below nothing', 'so -3', -3],
  ['a minus sign', 'so −3.5 degrees', -3.5],
  ['a difference', 'from 10-3', 3],
  ['an exponent', '1e3', 1000],
  ['part of a word', 'gpt4 and x86_64', null],
  ['with a unit behind a blank', 'about 12 km', 12],
])('the last number: %s', (_name, text, number) => {
  expect(lastNumber(text)).toBe(number);
});
