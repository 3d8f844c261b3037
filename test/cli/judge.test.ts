import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { progressReporter } from '../../src/cli/judge/progress.ts';
import { Stage, sums } from '../judge/stage.ts';
import { rolloutsThat, speak } from '../support/cli-fakes.ts';

jest.setTimeout(60_000);

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
  const quick = ['--requests-per-second', '10000', '--minimum-pairs', '50'];
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
    const { code, out } = await judge(['--most-prompts', '20']);
    expect(code).toBe(12);
    expect(out).toContain('inconclusive');
    expect(out).toContain(text);
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

  test.each([
    [['--canary', 'localhost:8000'], 'It must be an http or https address'],
    [['--canary', 'http://localhost:8000/v1'], 'It must end before /v1'],
    [['--max-drop', '0.1'], 'It must be a share with its percent sign'],
    [['--header', 'nonsense'], 'It must be NAME: VALUE.'],
    [['--criterion', 'x'], 'It must be NAME: SENTENCE'],
    [['--price', '1'], 'It must be IN,OUT'],
    [['--concurrency', '0'], 'It must be a whole number from 1 to 256.'],
    [['--deadline', 'soon'], 'It must be a time such as 90s'],
    [['--api-key', apiKey], 'unknown option'],
  ])('refuses %p', async (argv, text) => {
    const { code, out, err } = await judge(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(text);
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
