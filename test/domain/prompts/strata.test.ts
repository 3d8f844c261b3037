import { describe, expect, test } from '@jest/globals';
import { quotas } from '../../../src/domain/prompts/quotas.ts';
import { stratumOf } from '../../../src/domain/prompts/strata.ts';
import { seededRandom } from '../../../src/domain/simulation/random.ts';

const ask = (content: string) => stratumOf([{ role: 'user', content }], null);

describe('a stratum', () => {
  test.each([
    ['short', 199],
    ['medium', 200],
    ['medium', 1999],
    ['long', 2000],
  ] as const)('is %s with %i characters', (length, count) => {
    expect(ask('x'.repeat(count)).length).toBe(length);
  });

  test('counts all messages, and how often a user speaks', () => {
    const messages = [
      { role: 'system', content: 'x'.repeat(200) },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ] as const;
    expect(stratumOf(messages, 'chat')).toEqual({
      category: 'chat',
      length: 'medium',
      turns: 'dialogue',
      writing: 'latin',
    });
    expect(stratumOf(messages.slice(0, 2), null).turns).toBe('single');
  });

  test.each([
    ['latin', 'Why is the sky blue? Почему?'],
    ['cyrillic', 'Почему небо голубое?'],
    ['greek', 'Γιατί είναι μπλε;'],
    ['arabic', 'لماذا السماء زرقاء؟'],
    ['hebrew', 'למה השמיים כחולים?'],
    ['devanagari', 'आसमान नीला क्यों है?'],
    ['thai', 'ทำไมท้องฟ้าเป็นสีฟ้า'],
    ['hangul', '하늘은 왜 파란가요?'],
    ['han', '天空为什么是蓝色的？'],
    ['han', 'なぜ空は青いのですか'],
    ['none', '12 * 7 = ?'],
    ['code', 'What is wrong?\n```\nprint(1\n```'],
    ['code', 'Fix it:\nconst a = 1;\nif (a) {\n  b();\n}'],
    ['code', 'import os\ndef main():\n    import sys'],
    ['latin', 'Let us see; then we go.\nIt is late;\nwe import tea.'],
  ])('is written in %s: %j', (writing, content) => {
    expect(ask(content).writing).toBe(writing);
  });
});

describe('quotas', () => {
  test.each<[string, number[], number, number[]]>([
    ['in proportion', [500, 300, 200], 10, [5, 3, 2]],
    ['at least one of each', [9980, 10, 10], 100, [98, 1, 1]],
    ['the largest remainder gets what is left', [50, 30, 21], 10, [5, 3, 2]],
    ['the large ones pay for the small ones', [40, 40, 1, 1, 1], 6, [1, 2, 1, 1, 1]],
    ['all, where there are no more', [3, 1], 10, [3, 1]],
    ['the largest ones, where there are more strata than prompts', [5, 9, 7, 9], 2, [0, 1, 0, 1]],
    ['nothing of nothing', [], 10, []],
  ])('%s', (_, sizes, count, expected) => {
    expect(quotas(sizes, count)).toEqual(expected);
  });

  test('add up, leave none out, take no more than there are, and less than two above a share', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 500; round += 1) {
      const sizes = Array.from(
        { length: 1 + Math.floor(random() * 20) },
        () => 1 + Math.floor(random() ** 4 * 1000),
      );
      const total = sizes.reduce((sum, it) => sum + it, 0);
      const count = sizes.length + Math.floor(random() * total);
      const given = quotas(sizes, count);
      expect(given.reduce((sum, it) => sum + it, 0)).toBe(Math.min(count, total));
      for (const [index, size] of sizes.entries()) {
        expect(given[index]).toBeGreaterThanOrEqual(1);
        expect(given[index]).toBeLessThanOrEqual(size);
        if (count < total) expect(given[index]).toBeLessThan((count * size) / total + 2);
      }
    }
  });
});
