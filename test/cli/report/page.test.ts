import { describe, expect, test } from '@jest/globals';
import { reportMarkdown } from '../../../src/cli/report/markdown.ts';
import { reportPage } from '../../../src/cli/report/page.ts';
import { baking, judgedWorse } from '../../support/cli-states.ts';
import { judgePlan } from '../../support/plans.ts';
import { outcome, reportOf, rolledBack } from './reports.ts';

/** What a reader sees, tags and style aside. */
const textOf = (page: string) => page.replace(/<style>[^]*?<\/style>/, '').replaceAll(/<[^>]+>/g, ' ');

describe('the report as a page', () => {
  test('begins with the verdict, and has what happened, who did it, and what is left to do', () => {
    const page = reportPage(reportOf(rolledBack));
    const text = textOf(page);
    expect(text).toMatch(/vllm to v2\s+✗ Rolled back\s+error rate 4\.9 % of 412 requests/);
    expect(text).toContain('2026-11-21 10:00:00Z by anna');
    expect(text).toContain('look at &lt;the&gt; pods');
    expect(text).toContain('120 requests, 300 are needed');
    expect(text).toMatch(
      /1\s+2026-11-21 11:10:00Z\s+hold: &lt;script&gt;alert\(1\)&lt;\/script&gt;\s+bert &amp; co/,
    );
  });

  test('needs nothing but itself, and runs nothing', () => {
    const page = reportPage(reportOf(rolledBack));
    expect(page).not.toMatch(/<(script|link|img|iframe|object)\b/);
    expect(page).not.toMatch(/@import|url\((?!#)/);
    expect([...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, to]) => to)).toEqual([
      'https://temporal.example/run?a=1&amp;b=2',
    ]);
  });

  test('plots have a text in their place, the colours of the page, and a point for each number', () => {
    const page = reportPage(reportOf(rolledBack));
    const pictures = [...page.matchAll(/<svg role="img" aria-label="([^"]*)"/g)].map(([, label]) => label);
    expect(pictures).toEqual([
      'Weight of the canary: 1 %, then 10 %',
      'error-rate of stable and canary over time',
    ]);
    expect(page).toMatch(/<path d="M64[^"]+" fill="none"[^>]+stroke="var\(--canary\)"/);
    expect(page).toMatch(/stroke="var\(--stable\)"/);
    expect(page).toMatch(
      /stroke-dasharray="[^"]+"[^>]*stroke="var\(--limit\)"|stroke="var\(--limit\)"[^>]*stroke-dasharray/,
    );
    expect(textOf(page)).toMatch(/Around\s+Canary\s+of\s+Stable\s+of\s+2026-11-21 10:/);
    expect(textOf(page)).toContain('1 %  (0.5 % to 2 %)');
  });

  test('of a rollout that runs it says so, and of one that never had traffic', () => {
    expect(textOf(reportPage(reportOf(baking)))).toContain('▶ Goes on  10 % on v2');
    const page = reportPage(reportOf({ ...baking, weights: [], judgements: [] }));
    expect(textOf(page)).toContain('The canary never had any traffic.');
    expect(page).not.toContain('<svg');
  });

  test('tells what the judge said, of how many pairs, and why to believe it', () => {
    const judge = judgePlan({ price: { inputPerMillion: 1, outputPerMillion: 10 } });
    const plan = { ...rolledBack.plan, judge };
    const page = reportPage(reportOf({ ...rolledBack, plan, judged: [judgedWorse] }));
    const text = textOf(page).replaceAll(/\s+/g, ' ');
    expect(text).toMatch(
      /What the judge said\s+Phase 2, 10 %: 2026-11-21 11:20:00Z\s+fail\s+judge-quality-drop/,
    );
    for (const told of [
      'jobs 1 of 2 Jobs failed: its pod was evicted: &lt;disk&gt;',
      'canary won 20, lost 180, tied 200; win rate 30 %',
      'noise stable against itself: won 1, lost 2, tied 37',
      'trust of 410 prompts without a judgement: stable 3, canary 5, judge 2',
      'identical pairs tied: 20 of 20',
      'spoilt answers recognised: 19 of 20',
      'preferred the first place: 212 of 400 votes',
      'its model is related to a contestant’s',
      'lengths stable 310 characters, canary 251; win rate at equal length 31 %',
      'tokens judge 900000 in, 60000 out, which cost 1.5',
      'stable 40000 in, 80000 out; canary 38000 in, 70000 out',
      'judge judge-1, text fedcba987654',
      'prompts 410 of prompts.jsonl, sha256 0123456789ab',
      'transcript vllm-judge-1-2-2.jsonl',
    ])
      expect(text).toContain(told);
    // The bar has a part for each way that a pair ends, as long as its share.
    expect(
      [...page.matchAll(/class="(\w+)" style="width: ([\d.]+)%"/g)].map(([, name, width]) => [name, width]),
    ).toEqual([
      ['won', '5.00'],
      ['tied', '50.00'],
      ['lost', '45.00'],
    ]);
    expect(textOf(reportPage(reportOf(rolledBack)))).not.toContain('judge');
  });

  test('of a judge that never answered it says why', () => {
    const page = reportPage(reportOf({ ...rolledBack, judged: [{ ...judgedWorse, answer: null }] }));
    expect(textOf(page)).toContain('its pod was evicted');
    expect(page).not.toContain('class="pairs"');
  });

  test('without metrics it tells why, and has the rest', () => {
    const page = reportPage(reportOf(rolledBack, { series: { kind: 'unknown', why: 'Prometheus is away' } }));
    expect(textOf(page)).toContain('Nobody can tell any more: Prometheus is away');
    expect(page).toContain('aria-label="Weight of the canary');
  });

  test('a rollout that was terminated ended without an outcome', () => {
    const page = reportPage(reportOf(baking, { cutOff: 'terminated by carl' }));
    expect(textOf(page)).toMatch(
      /! Ended without an outcome\s+terminated by carl: nobody rolled anything back/,
    );
  });
});

describe('the report as Markdown', () => {
  test('is the summary of CI, with both arms at the end of each weight', () => {
    const text = reportMarkdown(reportOf(rolledBack));
    expect(text).toContain(`✗ rolled back: error rate 4.9 % of 412 requests (1.4 % to 8.8 %), limit \\< 1 %`);
    expect(text).toContain(
      '| canary / stable | 1 % | 10 % |\n| --- | --- | --- |\n| error-rate | 1 % / 0.1 % | 1 % / 0.1 % |',
    );
    expect(text).not.toContain('<script>');
  });

  test('without metrics, without outcome', () => {
    const unknown = { kind: 'unknown', why: 'Prometheus is away' } as const;
    const text = reportMarkdown(reportOf(baking, { series: unknown }));
    expect(text).toContain('▶ goes on: so far');
    expect(text).toContain('Metrics: nobody can tell any more: Prometheus is away');
    const cut = reportMarkdown(reportOf({ ...rolledBack, outcome: null }, { cutOff: outcome.sentence }));
    expect(cut).toContain('✗ ended without an outcome: error rate 4.9 %');
  });
});
