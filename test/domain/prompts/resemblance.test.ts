import { describe, expect, test } from '@jest/globals';
import { DistinctTexts, normalised, resemblance, sketchOf } from '../../../src/domain/prompts/resemblance.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';

test.each([
  ['  Hello,\n\tWORLD ', 'hello, world'],
  ['ﬁne', 'fine'],
  ['Ａ１', 'a1'],
])('%j is compared as %j', (text, expected) => {
  expect(normalised(text)).toBe(expected);
});

describe('resemblance', () => {
  test('of short texts is exactly the share of their runs of five characters', () => {
    // abcde, bcdef, cdefg and bcdef, cdefg, defgh: two of four.
    expect(resemblance(sketchOf('abcdefg'), sketchOf('bcdefgh'))).toBe(1 / 2);
    expect(resemblance(sketchOf('abcdefg'), sketchOf('ABCDEFG '))).toBe(1);
    expect(resemblance(sketchOf('abcdefg'), sketchOf('tuvwxyz'))).toBe(0);
  });

  test('of long texts is close to it', () => {
    const random = seededRandom(1);
    const letters = (count: number) =>
      Array.from({ length: count }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('');
    for (const share of [0.25, 0.5, 0.8, 0.95]) {
      const errors = Array.from({ length: 20 }, () => {
        const common = letters(2000);
        const own = Math.round((2000 * (1 - share)) / share / 2);
        const [one, other] = [common + letters(own), common + letters(own)];
        return resemblance(sketchOf(one), sketchOf(other)) - share;
      });
      const mean = errors.reduce((sum, it) => sum + it, 0) / errors.length;
      expect(Math.abs(mean)).toBeLessThan(0.03);
      // Three and a half times the deviation of a share of 128.
      const most = 3.5 * Math.sqrt((share * (1 - share)) / 128);
      expect(Math.max(...errors.map(Math.abs))).toBeLessThan(most);
    }
  });
});

describe('distinct texts', () => {
  const ticket = (number: number) =>
    `Summarise ticket ${number}: the customer cannot log in to the portal since yesterday. Give two steps.`;

  test('take no second one that is almost the same', () => {
    const texts = new DistinctTexts();
    expect(texts.add(ticket(1001))).toBe(true);
    expect(texts.add(ticket(1002))).toBe(false);
    expect(texts.add(ticket(1001).toUpperCase())).toBe(false);
    expect(texts.add('Which steps does a customer take who cannot log in?')).toBe(true);
  });

  test.each([
    ['What is 12 * 7?', 'What is 15 * 3?'],
    ['Translate cat into French.', 'Translate dog into French.'],
    ['なぜ空は青いのですか', 'なぜ海は青いのですか'],
    ['yes', 'no'],
  ])('take both %j and %j', (one, other) => {
    const texts = new DistinctTexts();
    expect([texts.add(one), texts.add(other)]).toEqual([true, true]);
  });
});
