import { describe, expect, test } from '@jest/globals';
import type { PairKind } from '../../../src/domain/judge/judged-pair.ts';
import type { Prompt } from '../../../src/domain/judge/prompts.ts';
import { schedulePairs } from '../../../src/domain/judge/schedule.ts';

function promptsOf(count: number, changes: Partial<Prompt> = {}): Prompt[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: `p${index}`, messages: [], reference: null, category: null, checker: null, line: index + 1 },
    ...changes,
  }));
}

const usual = { mostPrompts: null, noiseShare: 0.1, sanityShare: 0.1 };

function counts(pairs: ReturnType<typeof schedulePairs>): Record<PairKind, number> {
  const of = (kind: PairKind) => pairs.filter((it) => it.kind === kind).length;
  return { arms: of('arms'), noise: of('noise'), identical: of('identical'), spoilt: of('spoilt') };
}

describe('schedulePairs', () => {
  test.each([
    ['a hundred', 100, usual, { arms: 100, noise: 10, identical: 5, spoilt: 5 }],
    ['at least a few of each', 20, usual, { arms: 20, noise: 3, identical: 3, spoilt: 3 }],
    ['fewer where there are few', 8, usual, { arms: 8, noise: 2, identical: 2, spoilt: 2 }],
    ['none of three', 3, usual, { arms: 3, noise: 0, identical: 0, spoilt: 0 }],
    [
      'none where the share is 0',
      100,
      { ...usual, noiseShare: 0, sanityShare: 0 },
      { arms: 100, noise: 0, identical: 0, spoilt: 0 },
    ],
    [
      'shares are of the prompts that are asked',
      100,
      { ...usual, mostPrompts: 40 },
      { arms: 40, noise: 4, identical: 3, spoilt: 3 },
    ],
    ['no more than all', 10, { ...usual, noiseShare: 1 }, { arms: 10, noise: 10, identical: 2, spoilt: 2 }],
  ])('%s', (_name, count, options, expected) => {
    expect(counts(schedulePairs(promptsOf(count), options))).toEqual(expected);
  });

  test('the same set gives the same pairs, in whatever order its lines are', () => {
    const prompts = promptsOf(50);
    const options = { ...usual, mostPrompts: 20 };
    expect(schedulePairs([...prompts].reverse(), options)).toEqual(schedulePairs(prompts, options));
  });

  test('one more prompt takes the place of one at most', () => {
    const before = schedulePairs(promptsOf(50), { ...usual, mostPrompts: 20 });
    const after = schedulePairs(promptsOf(51), { ...usual, mostPrompts: 20 });
    const asked = new Set(before.filter((it) => it.kind === 'arms').map((it) => it.prompt.id));
    const anew = after.filter((it) => it.kind === 'arms' && !asked.has(it.prompt.id));
    expect(anew.length).toBeLessThanOrEqual(1);
  });

  test('a prompt is in one pair of a kind, and kinds are mixed', () => {
    const pairs = schedulePairs(promptsOf(200), usual);
    expect(new Set(pairs.map(({ kind, prompt }) => `${kind} ${prompt.id}`)).size).toBe(pairs.length);
    const half = counts(pairs.slice(0, pairs.length / 2));
    for (const kind of ['noise', 'identical', 'spoilt'] as const) {
      expect(half[kind]).toBeGreaterThan(0);
      expect(half[kind]).toBeLessThan(counts(pairs)[kind]);
    }
  });

  test('prompts with a checker are asked of the arms alone', () => {
    const checked = promptsOf(90, { checker: { kind: 'exact', value: 'a', ignoreCase: false } });
    const judged = promptsOf(100).slice(90);
    const pairs = schedulePairs([...checked, ...judged], { ...usual, noiseShare: 1, sanityShare: 1 });
    expect(counts(pairs)).toEqual({ arms: 100, noise: 10, identical: 5, spoilt: 5 });
    expect(pairs.every((it) => it.kind === 'arms' || it.prompt.checker === null)).toBe(true);
  });
});
