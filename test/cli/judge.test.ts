import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { progressReporter } from '../../src/cli/judge/progress.ts';
import { Stage, sums } from '../judge/stage.ts';
import { rolloutsThat, speak } from '../support/cli-fakes.ts';

const apiKey = 'sk-very-secret-key-0123456789';

let stage: Stage;
let file: string;
beforeAll(async () => {
  stage = await Stage.open();
  file = await stage.prompts(sums(60));
});
beforeEach(() => stage.set());
afterAll(() => stage.close());

async function judge(argv: readonly string[] = [], signal = new AbortController().signal) {
  const ends = ['--stable', stage.stable.url, '--canary', stage.canary.url, '--prompts', file];
  const judging = ['--judge', stage.judge.url, '--judge-model', 'judge-standin'];
  const quick = ['--requests-per-second', '1000', '--minimum-pairs', '50'];
  const env = { SLUICE_JUDGE_API_KEY: apiKey };
  return speak(['judge', ...ends, ...judging, ...quick, ...argv], rolloutsThat({}), { env, signal });
}

describe('sluice judge', () => {
  test('equal endpoints pass, and the page says what it rests on', async () => {
    await stage.set({ judge: { apiKey } });
    const { code, out, err } = await judge(['--price', '1,2', '--transcripts', stage.folder]);
    expect({ code, err: err.split('\n').at(-2) }).toEqual({
      code: 0,
      err: 'judged 72 of 72 pairs: the canary won 0, lost 0, tied 60',
    });
    expect(out).toMatch(/^pass +judge-quality-drop +judge: quality/m);
    expect(out).toMatch(/^canary +won 0, lost 0, tied 60; win rate 50 %/m);
    expect(out).toMatch(/^scores +stable 1, canary 1; drop 0 %/m);
    expect(out).toMatch(/^noise +stable against itself: won 0, lost 0, tied 6$/m);
    expect(out).toMatch(/^trust +of 60 prompts without a judgement: stable 0, canary 0, judge 0$/m);
    expect(out).toMatch(/^ +spoilt answers recognised: 3 of 3$/m);
    expect(out).toMatch(/^tokens +judge \d+ in, \d+ out, which cost 0\.\d+$/m);
    expect(out).toMatch(/^prompts +60 of prompts\.jsonl, sha256 [0-9a-f]{12}$/m);
    expect(out).toMatch(/^transcript +judge-20\d{6}T\d{6}-[0-9a-f]{12}\.jsonl$/m);
    expect(out + err).not.toContain(apiKey);
  });

  test('a worse canary fails, in JSON as well', async () => {
    await stage.set({ canary: { quality: { wrongPerThousand: 500 } } });
    const { code, out } = await judge(['--output', 'json', '--min-win-rate', '40%', '--max-drop', '10%']);
    expect(code).toBe(10);
    const { outcome, verdicts, answer } = JSON.parse(out) as {
      outcome: string;
      verdicts: { metric: string; outcome: string }[];
      answer: { pairs: { losses: number } };
    };
    expect(outcome).toBe('fail');
    expect(verdicts.map((it) => it.metric)).toEqual(['judge-quality-drop', 'judge-win-rate']);
    expect(verdicts[0]?.outcome).toBe('fail');
    expect(answer.pairs.losses).toBeGreaterThan(15);
  });

  test.each<[string, Parameters<Stage['set']>[0], string]>([
    ['too few pairs', {}, 'judge-quality-drop'],
    ['a judge that says nothing of use', { judge: { garbagePerThousand: 1000 } }, 'the judge is not trusted'],
  ])('%s are inconclusive', async (_name, behaviours, text) => {
    await stage.set(behaviours);
    const { code, out } = await judge(['--most-prompts', '20', '--minimum-pairs', '20']);
    expect(code).toBe(12);
    expect(out).toContain('inconclusive');
    expect(out).toContain(text);
  });

  test('too few pairs for proof pass where no breach need be proven', async () => {
    const few = ['--most-prompts', '20', '--minimum-pairs', '20'];
    expect(await judge([...few, '--evidence', 'noBreach'])).toMatchObject({ code: 0 });
  });

  test('a key that is refused is told without the key', async () => {
    await stage.set({ judge: { apiKey: 'another' } });
    const { code, out, err } = await judge();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('sluice: It could not be judged: the judge answers HTTP 401');
    expect(err).not.toContain(apiKey);
  });

  test('Ctrl-C ends it', async () => {
    await stage.set({ judge: { latencyMs: 60_000 } });
    const ending = new AbortController();
    const ended = judge([], ending.signal);
    setTimeout(() => {
      ending.abort();
    }, 500);
    expect(await ended).toMatchObject({ code: 130, out: '' });
  });

  test('bad prompts are refused with every problem', async () => {
    const bad = await stage.prompts([{ prompt: 'a' }, {}, { prompt: 1 }], 'bad.jsonl');
    const { code, out, err } = await judge(['--prompts', bad]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Nobody was asked: \n  line 2: prompt must be');
    expect(err).toContain('\n  line 3: prompt must be');
  });

  describe('prompts at a presigned address', () => {
    const signature = 'X-Amz-Credential=AKIA%2F20260101&X-Amz-Signature=hunter2';
    const store = createServer((request, response) => {
      const { pathname, search } = new URL(request.url ?? '', 'http://store');
      if (search !== `?${signature}`) response.writeHead(403).end(`not signed: ${request.url}`);
      else response.end(pathname === '/sets/v3.jsonl' ? lines : 'none');
    });
    const lines = sums(20)
      .map((it) => JSON.stringify(it))
      .join('\n');
    let address: string;
    beforeAll(async () => {
      await once(store.listen(0, '127.0.0.1'), 'listening');
      address = `http://127.0.0.1:${(store.address() as AddressInfo).port}/sets`;
    });
    afterAll(() => {
      store.close();
    });

    test.each([
      ['are asked', `v3.jsonl?${signature}`, 0, /^prompts +20 of v3\.jsonl, sha256/m],
      ['are asked, in JSON', `v3.jsonl?${signature}`, 0, /"name": "v3\.jsonl"/],
      ['that are not given', `v3.jsonl?${signature}0`, 1, /the prompts could not be had: HTTP 403/],
      ['that are none', `v4.jsonl?${signature}`, 2, /Nobody was asked: \n {2}line 1: /],
    ])('%s, and the signature is shown to nobody', async (name, set, code, text) => {
      const folder = await mkdtemp(path.join(stage.folder, 'presigned-'));
      const flags = ['--minimum-pairs', '20', '--evidence', 'noBreach', '--transcripts', folder];
      const json = name.endsWith('JSON') ? ['--output', 'json'] : [];
      const spoken = await judge([...flags, ...json, '--prompts', `${address}/${set}`]);
      expect(spoken).toMatchObject({ code });
      expect(spoken.out + spoken.err).toMatch(text);
      const kept = await readdir(folder);
      expect(kept).toHaveLength(code === 0 ? 1 : 0);
      const transcripts = await Promise.all(kept.map((it) => readFile(path.join(folder, it), 'utf8')));
      expect([spoken.out, spoken.err, ...transcripts].join()).not.toMatch(/hunter2|X-Amz|AKIA/);
    });
  });

  const url = 'an http or https address without user, password or fragment';
  const noQuery = `${url}, and without query`;
  const upTo = 'the address up to /v1: leave out /v1 and what follows it';
  const model =
    'the name of a model as its endpoint knows it, printable ASCII without blanks, 1 to 256 characters';
  const share = 'a share with its percent sign, 0.1% to 99.9%';
  const time = 'a duration such as 30m or 1h30m, 1m to 24h';
  const cost = 'IN,OUT, such as 0.15,0.6: of a million tokens, each a price, 0 to 1000000';
  const aName = 'a header name of at most 256 characters (RFC 9110)';
  const aValue = 'a header value: printable ASCII, 1 to 4096 characters, no blank at either end';
  const seed = 'a whole number, 0 to 2000000000';

  test.each([
    ['--stable', 'localhost:8000', noQuery, '"localhost:8000"'],
    ['--stable', 'ftp://host', noQuery, '"ftp://host"'],
    ['--canary', 'http://me:hunter2@host', noQuery, '"http://…@host"'],
    ['--canary', 'http://host?key=hunter2', noQuery, '"http://host/…"'],
    ['--canary', 'http://host/v1', upTo, '"http://host/…"'],
    ['--judge', 'https://host/v1/', upTo, '"https://host/…"'],
    ['--judge', 'https://host/api/v1/chat/completions', upTo, '"https://host/…"'],
    ['--judge-model', 'my model', model, '"my model"'],
    ['--model', '', model, '""'],
    ['--canary-model', 'café', model, '"café"'],
    ['--prompts', '', 'a file or an address', '""'],
    ['--prompts', 'https://me:hunter2@host/set.jsonl', url, '"https://…@host/…"'],
    ['--prompts', 'https://host/set.jsonl?sig=hunter2#top', url, '"https://host/…"'],
    ['--prompts', 'https://?sig=hunter2', url, '"https:///…"'],
    ['--header', 'authorization hunter2', `NAME: VALUE, the first ${aName}`, 'a text that may be a secret'],
    ['--header', 'x-y: café', `NAME: VALUE, the second ${aValue}`, 'a text that may be a secret'],
    ['--header', 'x-y:', `NAME: VALUE, the second ${aValue}`, 'a text that may be a secret'],
    ['--criterion', 'tone', 'NAME: SENTENCE', '"tone"'],
    ['--max-drop', '0.1', share, '"0.1"'],
    ['--max-drop', '0%', share, '"0%"'],
    ['--min-win-rate', '100%', share, '"100%"'],
    ['--min-score', '99.95 %', share, '"99.95 %"'],
    ['--minimum-pairs', '0', 'a whole number of pairs, 1 to 1000000', '"0"'],
    ['--most-prompts', '1.5', 'a whole number of prompts, 1 to 1000000', '"1.5"'],
    ['--concurrency', '65', 'a whole number of requests, 1 to 64', '"65"'],
    ['--requests-per-second', '1001', 'a number of requests, 0.01 to 1000', '"1001"'],
    ['--temperature', '2.1', 'a number, 0 to 2', '"2.1"'],
    ['--seed', '2000000001', seed, '"2000000001"'],
    ['--max-tokens', ' ', 'a whole number of tokens, 1 to 1000000', '" "'],
    ['--deadline', 'soon', time, '"soon"'],
    ['--deadline', '59s', time, '"59s"'],
    ['--deadline', '25h', time, '"25h"'],
    ['--price', '1', cost, '"1"'],
    ['--price', '1,1000001', cost, '"1,1000001"'],
  ])('refuses %s %j, as the rollout file does', async (flag, text, allowed, found) => {
    const { code, out, err } = await judge([flag, text]);
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: `sluice: ${flag} must be ${allowed}: found ${found}\n`,
    });
  });

  test.each([
    [
      ['--criterion', 'Tone: Is it kind?'],
      '--criterion, its name: found "Tone", allowed: a name of a-z, 0-9, - and _, at most 40 characters, first a letter\n',
    ],
    [
      ['--criterion', 'tone: Is it kind?', '--criterion', 'tone: Is it kind?'],
      '--criterion, its name: found "tone", allowed: each name once\n',
    ],
    [
      ['--criterion', 'tone: Is it\nkind?', '--most-prompts', '49'],
      '--criterion, its description: found "Is it\\nkind?", allowed: a sentence of 1 to 300 characters in one line\n' +
        '--minimum-pairs: found 50, allowed: no more than the prompts that are asked, or nothing ever passes (--most-prompts is 49)\n',
    ],
    [
      Array.from({ length: 9 }, (_, index) => ['--criterion', `c${index}: Is it so?`]).flat(),
      '--criterion: found a list of 9, allowed: a list of 1 to 8 criteria\n',
    ],
  ])('refuses what does not fit together: %j', async (argv, text) => {
    expect(await judge(argv)).toEqual({ code: 2, out: '', err: `sluice: ${text}` });
  });

  test.each([
    [
      ['--min-win-rate', '50%'],
      '--min-win-rate: found "50%", better: below 50%, or a canary as good as stable does not pass',
    ],
    [
      ['--evidence', 'estimate'],
      '--evidence: found "estimate", better: proven or noBreach: an estimate passes and fails by chance, and the plan’s risk does not cover it',
    ],
    [
      ['--most-prompts', '10000', '--requests-per-second', '100', '--deadline', '1m'],
      '--deadline: found "1m", better: more than 2m, for 10000 prompts at 100 requests a second (--requests-per-second is 100)',
    ],
  ])('%j is advised against on the error stream, as sluice check does', async (argv, advice) => {
    const { out, err } = await judge(['--output', 'json', ...argv]);
    expect(err.split('\n')[0]).toBe(`warning ${advice}`);
    expect(err.match(/warning/g)).toHaveLength(1);
    expect(JSON.parse(out)).toHaveProperty('answer');
    expect(out).not.toContain('better');
  });

  test('what the rollout file has no advice on, it has none on either', async () => {
    const { err } = await judge(['--min-win-rate', '49.9%']);
    expect(err).not.toContain('warning');
  });

  test.each([
    [['--api-key', apiKey], 'unknown option'],
    [['--evidence', 'hope'], 'Allowed choices are proven, noBreach, estimate.'],
  ])('refuses %j', async (argv, text) => {
    const { code, out, err } = await judge(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(text);
    expect(err).not.toContain(apiKey);
  });

  test('a judge needs its model', async () => {
    const ends = ['--stable', 'http://a', '--canary', 'http://b', '--prompts', file];
    const { code, err } = await speak(['judge', ...ends, '--judge', 'http://c']);
    expect(code).toBe(2);
    expect(err).toContain('--judge-model must be given beside --judge: found nothing');
  });
});

test('on a terminal one line is drawn over, and gone in the end', () => {
  let err = '';
  const terminal = { live: true, err: (text: string) => (err += text), columns: () => 60 };
  const { tell, end } = progressReporter(terminal);
  const told = { planned: 8, lost: 1, wins: 0, losses: 1, ties: 0, lastLoss: 'canary: HTTP 500' };
  tell({ ...told, done: 1 });
  tell({ ...told, done: 2 });
  expect(err.split('\r').slice(1)).toEqual([
    'judged 1 of 8 pairs: the canary won 0, lost 1, tied 0; 1 w…\u001b[K',
    'judged 2 of 8 pairs: the canary won 0, lost 1, tied 0; 1 w…\u001b[K',
  ]);
  end();
  expect(err.endsWith('\r\u001b[K')).toBe(true);
});
