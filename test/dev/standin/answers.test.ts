import { describe, expect, test } from '@jest/globals';
import { answerTokens, countTokens, keyword, type Flaw } from '../../../dev/standin/answers.ts';

const answer = (prompt: string, length: number, flaw?: Flaw): string =>
  answerTokens(prompt, length, flaw).join('');

describe('answerTokens', () => {
  test.each([
    ['What is 17 + 25?', '17 + 25 = 42.'],
    ['Subtract: 3 - 10', '3 - 10 = -7.'],
    ['12 x 12', '12 x 12 = 144.'],
    ['-3*4, please', '-3 * 4 = -12.'],
  ])('%s', (prompt, text) => {
    expect(answer(prompt, 5)).toBe(text);
  });

  test('a prompt without a sum gets a sentence of its own, always the same', () => {
    const text = answer('Name a river in France', 10);
    expect(text).toBe(`The answer to "Name a river in France" is ${keyword('Name a river in France')}.`);
    expect(answer('Name a river in Spain', 10)).not.toBe(text);
  });

  test.each(['1+1', 'Name a river', ''])(
    'a right answer to "%s" is as many whole words as asked',
    (prompt) => {
      for (let length = 1; length <= 40; length += 1) {
        const text = answer(prompt, length);
        expect(countTokens(text)).toBe(length);
        expect(text.split(' ')).not.toContain('');
        expect(text).toMatch(new RegExp(`\\b${keyword(prompt)}\\.`));
        expect(text).toMatch(/\.$/);
      }
    },
  );

  test.each(['What is 17 + 25?', 'Name a river'])(
    'a wrong answer to "%s" lacks the keyword at any length',
    (prompt) => {
      for (let length = 1; length <= 30; length += 1) {
        expect(answer(prompt, length, 'wrong').split(/[ .]/)).not.toContain(keyword(prompt));
        expect(countTokens(answer(prompt, length, 'wrong'))).toBe(length);
      }
    },
  );

  test('a cut answer is about half of the right one and stops inside a sentence', () => {
    for (let length = 2; length <= 30; length += 1) {
      const text = answer('What is 17 + 25?', length, 'cut');
      expect(text).not.toMatch(/\.$/);
      expect(Math.abs(countTokens(text) - length / 2)).toBeLessThan(1.51);
    }
    expect(answer('What is 17 + 25?', 16, 'cut')).toBe('17 + 25 = 42. All of this');
    expect(answer('What is 17 + 25?', 10, 'cut')).toBe('17 + 25 =');
  });

  test('a repeated answer says one word again and again', () => {
    expect(answer('What is 17 + 25?', 4, 'repeated')).toBe('42 42 42 42');
  });
});
