import { describe, expect, test } from '@jest/globals';
import { junitReport } from '../../src/cli/render/junit.ts';
import { plainText } from '../../src/cli/render/markdown.ts';
import { summaryEnv } from '../../src/cli/render/summary-env.ts';
import { summaryPage } from '../../src/cli/render/summary.ts';
import { blank, endedSummary, type Summary } from '../../src/cli/summary/summary.ts';
import { run } from '../support/cli-fakes.ts';
import { baking, ended, nowMs, plan, promoted, rolledBack, startedAtMs } from '../support/cli-states.ts';

const known = { ...blank, ...run, plan, url: 'https://temporal.example/run' };
const goesOn: Summary = { ...known, standing: 'running', sentence: 'baking at 10 %', state: baking };
const back: Summary = { ...known, ...endedSummary(rolledBack), state: ended(rolledBack) };
const good: Summary = {
  ...known,
  ...endedSummary(promoted),
  state: { ...ended(promoted), phase: null, status: 'promoted' },
};

describe('the page of a CI job', () => {
  test('of a rollout that was rolled back: the reason first, then phases, evidence and events', () => {
    expect(summaryPage(back, nowMs)).toBe(`## vllm to v2

✗ rolled back: 30 of 1000 requests failed (3 %), above 1 %

|  |  |
| --- | --- |
| Rollout | vllm in llm |
| Started | 2026-11-21 10:00:00Z by anna |
| Ended | 2026-11-21 11:06:00Z, after 1 h 6 min |
| Weight | 0 % on v2 |
| Temporal | [rollout/default/llm/vllm](<https://temporal.example/run>) |

| Phase | Weight | Bake | Gates |  |
| --- | --- | --- | --- | --- |
| 1 | 1 % | 1 h | no breach: error-rate \\< 0.1 %, e2e-latency p99 \\< 2 x stable | ✓ done |
| 2 | 10 % | 2 h | no breach: error-rate \\< 0.1 %, e2e-latency p99 \\< 2 x stable | ✗ stopped here |
| 3 | 50 % | 4 h | proven: error-rate \\< 0.1 %, e2e-latency p99 \\< 2 x stable | · not begun |
| 4 | 100 % | - | - | · not begun |
| old release kept | 100 % | 24 h | - | · not begun |

### Verdicts

| Verdict | Metric |  |
| --- | --- | --- |
| fail | error-rate | 30 of 1000 requests failed (3 %), above 1 % |

<details><summary>Events (3)</summary>

| When | What | Who |
| --- | --- | --- |
| 2026-11-21 10:00:00Z | started, v2 | anna |
| 2026-11-21 10:05:00Z | phase 1: 1 % |  |
| 2026-11-21 11:06:00Z | phase 2: 10 % |  |

</details>
`);
  });

  test('of one that goes on: as of when, and what a person can do', () => {
    const page = summaryPage(goesOn, nowMs);
    expect(page).toContain('▶ goes on: baking at 10 %\n');
    expect(page).toContain('| Weight | 10 % on v2 |\n| As of | 2026-11-21 11:23:00Z |\n');
    expect(page).toContain('| 2 | 10 % | 2 h |');
    expect(page).toContain('| ▶ under way |\n');
    expect(page).toContain('Look: `sluice status vllm -n llm`. Roll back: `sluice abort vllm -n llm`.\n');
  });

  test('of one that was promoted offers nothing, and all phases are done', () => {
    const page = summaryPage(good, nowMs);
    expect(page).toContain('✓ promoted: v2 is stable now\n');
    expect(page.match(/✓ done/g)).toHaveLength(5);
    expect(page).not.toContain('sluice abort');
  });

  test('of one that was rolled back after its last phase: where it was stopped', () => {
    const events = [...baking.events, { atMs: nowMs, what: 'phase 4: 100 %', by: null }];
    const state = { ...ended(rolledBack), phase: null, events };
    const page = summaryPage({ ...back, state }, nowMs);
    expect(page.match(/✓ done/g)).toHaveLength(4);
    expect(page).toContain('| old release kept | 100 % | 24 h | - | ✗ stopped here |');
  });

  test('of one that needs a person says for what', () => {
    const outcome = {
      ...promoted,
      status: 'failed',
      leftToDo: ['remove the canary: it is not ours'],
    } as const;
    const page = summaryPage({ ...good, ...endedSummary(outcome) }, nowMs);
    expect(page).toContain('✗ needs a person: ');
    expect(page).toContain('### Left to do\n\n- remove the canary: it is not ours\n');
  });

  test('without any answer of the rollout: its plan', () => {
    const page = summaryPage({ ...known, standing: 'unknown', sentence: 'no answer', state: null }, nowMs);
    expect(page).toContain('? not known: no answer\n');
    expect(page.match(/· not begun/g)).toHaveLength(5);
    expect(page).not.toContain('Events');
  });

  test('of a file that was refused: each problem on a line', () => {
    const page = summaryPage({ ...blank, sentence: 'Cannot start it:\n  a.yaml:1:1 one\n  two' }, nowMs);
    expect(page).toBe('## Rollout\n\n✗ not started: Cannot start it:\n\n- a.yaml:1:1 one\n- two\n');
  });

  test('what people wrote stays text', () => {
    const sentence = 'aborted by x: | a | **b** <img src=x> [c](http://d) `e`';
    const by = 'eve\n\n# a heading\n| a | row |';
    const state = { ...baking, startedBy: by, events: [{ atMs: startedAtMs, what: '<!--', by }] };
    const page = summaryPage({ ...goesOn, sentence, state }, nowMs);
    expect(page).toContain(
      'aborted by x: \\| a \\| \\*\\*b\\*\\* \\<img src=x\\> \\[c\\](http://d) \\`e\\`\n',
    );
    expect(page).toContain('by eve # a heading \\| a \\| row \\| |\n');
    expect(page).toContain('| \\<!-- |');
  });

  test('is shorter than what GitHub takes, however long the rollout was', () => {
    const event = { atMs: startedAtMs, what: 'hold: '.padEnd(500, '|'), by: 'anna' };
    const state = { ...baking, events: Array<typeof event>(5000).fill(event) };
    const page = summaryPage({ ...goesOn, state }, nowMs);
    expect(page).toContain('Events (5000)');
    expect(Buffer.byteLength(page)).toBeLessThan(200_000);
  });
});

test.each([
  ['one_name and _emphasis_', 'one_name and \\_emphasis\\_'],
  ['see https://ci.example/a_b/1', 'see https://ci.example/a_b/1'],
  ['two\r\nlines\u2028three\u0007', 'two lines three'],
  ['a\\|b &lt; $x$', 'a\\\\\\|b \\&lt; \\$x\\$'],
])('%j as Markdown: %j', (text, markdown) => {
  expect(plainText(text)).toBe(markdown);
});

describe('KEY=value', () => {
  test('all that is known', () => {
    expect(summaryEnv(back)).toBe(
      'SLUICE_OUTCOME=rolledBack\nSLUICE_REASON=breach\n' +
        'SLUICE_SENTENCE=30 of 1000 requests failed (3 %), above 1 %\nSLUICE_VERSION=v2\nSLUICE_ROLLOUT=vllm\n' +
        'SLUICE_ROLLOUT_NAMESPACE=llm\nSLUICE_ROLLOUT_CLUSTER=default\nSLUICE_RUN_ID=0199-run\n' +
        'SLUICE_WORKFLOW_URL=https://temporal.example/run\n',
    );
  });

  test('no reason adds a line of its own', () => {
    const sentence = 'aborted by eve: x\r\nSLUICE_OUTCOME=promoted\n';
    const lines = summaryEnv({ ...back, sentence })
      .trimEnd()
      .split('\n');
    expect(lines.filter((line) => line.startsWith('SLUICE_OUTCOME='))).toEqual(['SLUICE_OUTCOME=rolledBack']);
    expect(lines).toContain('SLUICE_SENTENCE=aborted by eve: x SLUICE_OUTCOME=promoted');
  });

  test('nothing is written of what is not known', () => {
    expect(summaryEnv(blank)).toBe(
      'SLUICE_OUTCOME=notStarted\nSLUICE_SENTENCE=nothing has been asked of Temporal yet\n',
    );
  });
});

describe('JUnit', () => {
  const results = (summary: Summary) =>
    [...junitReport(summary).matchAll(/name="([^"]+)"(?:\/>|><(failure|skipped))/g)].map(
      ([, name, result]) => `${name ?? ''}: ${result ?? 'passed'}`,
    );

  test('a case a phase, and one for the whole', () => {
    expect(results(good)).toEqual([
      'phase 1: 1 %: passed',
      'phase 2: 10 %: passed',
      'phase 3: 50 %: passed',
      'phase 4: 100 %: passed',
      'old release kept: 24 h: passed',
      'promoted: passed',
    ]);
    expect(results(back)).toEqual([
      'phase 1: 1 %: passed',
      'phase 2: 10 %: failure',
      'phase 3: 50 %: skipped',
      'phase 4: 100 %: skipped',
      'old release kept: 24 h: skipped',
      'promoted: failure',
    ]);
    expect(results(goesOn)).toEqual([
      'phase 1: 1 %: passed',
      'phase 2: 10 %: skipped',
      'phase 3: 50 %: skipped',
      'phase 4: 100 %: skipped',
      'old release kept: 24 h: skipped',
      'promoted: skipped',
    ]);
    expect(results(blank)).toEqual(['promoted: failure']);
  });

  test('as a file', () => {
    const sentence = 'a < b & "c" \u0000\uFFFF';
    const report = junitReport({ ...blank, rollout: run.rollout, sentence });
    expect(report).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="vllm in llm" tests="1" failures="1" skipped="0">
    <testcase classname="vllm in llm" name="promoted"><failure message="notStarted: a &lt; b &amp; &quot;c&quot;">notStarted: a &lt; b &amp; &quot;c&quot;</failure></testcase>
  </testsuite>
</testsuites>
`);
  });
});
