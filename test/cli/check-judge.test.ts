import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { judgeLines } from '../../src/cli/render/judge-lines.ts';
import { paintFor } from '../../src/cli/render/paint.ts';
import type { JudgePlan } from '../../src/domain/plan/judge-plan.ts';
import { defaultPlan, judgePlan } from '../support/plans.ts';
import { speak } from '../support/cli-fakes.ts';

/** The judge's part of the page, blanks between columns aside; the first word of a line is its title. */
function lines(judge: Partial<JudgePlan>): string[] {
  const text = judgeLines(defaultPlan({ judge: judgePlan(judge) }), paintFor(false)) ?? '';
  return text.split('\n').map((it) => it.trim().replaceAll(/ {2,}/g, '  '));
}
const starting = (title: string, judge: Partial<JudgePlan>) =>
  lines(judge).filter((it) => it.startsWith(title));

describe('sluice check of a plan with a judge', () => {
  test('shows what docs/before-the-start.md says', async () => {
    const page = await readFile('docs/before-the-start.md', 'utf8');
    const [, shown] = /\$ sluice check examples\/judge\.yaml\n\[\.\.\.\]\n([^]*?)```/.exec(page) ?? [];
    const { code, out, err } = await speak(['check', 'examples/judge.yaml']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(shown).toMatch(/^Judge\n/);
    expect(out).toContain(`\n${shown}\nRisk\n`);
  });

  test('without one it says nothing of it', () => {
    expect(judgeLines(defaultPlan(), paintFor(false))).toBeNull();
  });

  test('tells every limit that is set, and what it needs', () => {
    const limits = { maxDrop: null, minWinRate: 0.45, minScore: 0.85 };
    expect(starting('limits', { limits })).toEqual([
      'limits  win rate above 45 %, score above 85 %; proven, from 100 pairs',
    ]);
    expect(starting('needs', { limits })).toEqual([
      expect.stringMatching(/^needs {2}win rate: \d+ prompts to pass a canary as good as stable$/),
    ]);
    expect(starting('win rate', { limits })).toEqual([
      expect.stringMatching(/^win rate: \d+ prompts to fail one whose win rate is 40 %$/),
    ]);
  });

  test('says when no number of prompts is enough', () => {
    const limits = { maxDrop: null, minWinRate: 0.5, minScore: null };
    expect(starting('needs', { limits })).toEqual([
      'needs  win rate: no number of prompts proves that a canary as good as stable keeps 50 %',
    ]);
  });

  test('of a limit of the score alone it needs nobody knows what', () => {
    const limits = { maxDrop: null, minWinRate: null, minScore: 0.85 };
    expect(starting('needs', { limits })).toEqual([]);
    expect(starting('assumed', { limits })).toEqual([
      'assumed  prompts of 200 tokens, answers of 300, judgements of 150',
    ]);
  });

  test('a Job is of the prompts that are asked at most, and cost is told only with a price', () => {
    expect(starting('each Job', { mostPrompts: 200 })).toEqual([
      'each Job  of 200 prompts: 220 requests to stable, 200 to the canary, 480 to the judge; 1 h at most',
    ]);
    expect(starting('costs', { mostPrompts: 200 }).join()).toMatch(
      /^costs {2}no price is given: the judge reads/,
    );
    const price = { inputPerMillion: 1, outputPerMillion: 0 };
    // 480 times 500 tokens of instructions, 200 of the prompt, 300 of either answer.
    expect(starting('costs', { mostPrompts: 200, price }).join()).toMatch(
      /^costs {2}about 0\.62 at the plan’s price: the judge reads 620,000 tokens and writes 72,000$/,
    );
  });

  test('checkers alone cost nothing', () => {
    expect(starting('judged by', { endpoint: null })).toEqual([
      'judged by  the checkers of the prompts alone',
    ]);
    expect(starting('costs', { endpoint: null })).toEqual([]);
    expect(starting('each Job', { endpoint: null }).join()).toContain(', 0 to the judge;');
  });

  test('names the address of prompts', () => {
    expect(
      starting('prompts', { prompts: { url: 'https://prompts.example/v3.jsonl' }, mostPrompts: 150 }),
    ).toEqual([
      'prompts  https://prompts.example/v3.jsonl; 150 of them at most',
      expect.stringContaining('prompts of 200 tokens'),
    ]);
  });
});

test('sluice simulate says that it plays no judge', async () => {
  const { out } = await speak([
    ...['simulate', 'examples/judge.yaml', '--times', '1', '--scenario', 'no-traffic', '--output', 'json'],
  ]);
  expect(JSON.parse(out)).toMatchObject({ takenAsKept: ['judge'] });
});
