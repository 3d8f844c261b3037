import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { answerOf, run, Stage, sums } from './stage.ts';

let stage: Stage;
let file: string;
beforeAll(async () => {
  stage = await Stage.open();
  file = await stage.prompts(sums(60));
});
beforeEach(() => stage.set());
afterAll(() => stage.close());

describe('runJudge', () => {
  test('of equal arms all pairs are ties, and every sanity pair is judged rightly', async () => {
    const ran = await run(stage.config(file));
    const answer = answerOf(ran);
    expect(answer).toMatchObject({
      version: 1,
      pairs: {
        wins: 0,
        losses: 0,
        ties: 60,
        scores: { count: 60, stable: { mean: 1 }, canary: { mean: 1 } },
      },
      noise: { wins: 0, losses: 0, ties: 6 },
      trust: {
        asked: 60,
        lost: { stable: 0, canary: 0, judge: 0 },
        identical: { asked: 3, right: 3 },
        spoilt: { asked: 3, right: 3 },
        order: { decided: 0 },
        sameFamily: false,
      },
      prompts: { name: 'prompts.jsonl', count: 60 },
      judge: { model: 'judge-standin' },
    });
    const bytes = await readFile(file);
    expect(answer.prompts?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(answer.judge?.promptSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(answer.tokens).toMatchObject({ stable: { output: 66 * 16 }, canary: { output: 60 * 16 } });
    expect(answer.tokens?.judge.input).toBeGreaterThan(72 * 2 * 100);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(2048);
    expect(ran.progress.map((it) => it.done)).toEqual(Array.from({ length: 72 }, (_, index) => index + 1));
    expect(ran.progress.at(-1)).toEqual({
      ...{ done: 72, planned: 72, lost: 0, wins: 0, losses: 0, ties: 60, lastLoss: null },
    });
  });

  test('a canary that is wrong every time loses every pair', async () => {
    await stage.set({ canary: { quality: { wrongPerThousand: 1000 } } });
    const { pairs, noise } = answerOf(await run(stage.config(file)));
    expect(pairs).toMatchObject({
      wins: 0,
      losses: 60,
      ties: 0,
      scores: { stable: { mean: 1 }, canary: { mean: 0 } },
    });
    expect(noise).toMatchObject({ wins: 0, losses: 0 });
  });

  test('a canary that is wrong at times loses these, and no others', async () => {
    await stage.set({ canary: { quality: { wrongPerThousand: 200 } } });
    const { losses, wins, scores } = answerOf(await run(stage.config(file))).pairs;
    expect(wins).toBe(0);
    expect(losses).toBeGreaterThan(4);
    expect(losses).toBeLessThan(22);
    expect(scores?.canary.mean).toBeCloseTo(1 - losses / 60, 10);
  });

  test('a judge that prefers the first place contradicts itself: nobody wins by it', async () => {
    await stage.set({ judge: { firstBiasPerThousand: 1000 } });
    const { pairs, trust } = answerOf(await run(stage.config(file)));
    expect(pairs).toMatchObject({ wins: 0, losses: 0, ties: 60 });
    expect(trust).toMatchObject({ order: { decided: 132, first: 132 }, spoilt: { asked: 3, right: 0 } });
    expect(pairs.scores?.stable.mean).toBeCloseTo(pairs.scores?.canary.mean ?? NaN, 10);
  });

  test('a judge that prefers it at times still finds the worse arm', async () => {
    await stage.set({
      judge: { firstBiasPerThousand: 300 },
      canary: { quality: { wrongPerThousand: 1000 } },
    });
    const { pairs } = answerOf(await run(stage.config(file)));
    expect(pairs.wins).toBe(0);
    expect(pairs.losses).toBeGreaterThan(25);
  });

  test('what a judge says that is no judgement is lost by it', async () => {
    await stage.set({ judge: { garbagePerThousand: 1000 } });
    const ran = await run(stage.config(file));
    expect(answerOf(ran)).toMatchObject({
      pairs: { wins: 0, losses: 0, ties: 0 },
      trust: { asked: 60, lost: { judge: 60 }, spoilt: { asked: 3, right: 0 } },
    });
    expect(ran.progress.at(-1)?.lastLoss).toContain('judge: no JSON object');
  });

  test('an endpoint without response_format is asked without', async () => {
    await stage.set({ judge: { takesResponseFormat: false } });
    expect(answerOf(await run(stage.config(file))).pairs.ties).toBe(60);
  });

  test('what an arm refuses for good is lost by it; what passes is asked again', async () => {
    await stage.set({
      canary: { errors: { http400PerThousand: 300 } },
      stable: { errors: { http500PerThousand: 200, http429PerThousand: 100 } },
    });
    const { pairs, trust } = answerOf(await run(stage.config(file)));
    expect(trust?.lost.canary).toBeGreaterThan(5);
    expect(trust?.lost.stable).toBeLessThan(6);
    expect(pairs.ties).toBe(60 - (trust?.lost.canary ?? 0) - (trust?.lost.stable ?? 0));
  });

  test('checkers need no judge', async () => {
    await stage.set({ canary: { quality: { wrongPerThousand: 500 } } });
    const checked = await stage.prompts(sums(60, true), 'checked.jsonl');
    const answer = answerOf(await run(stage.config(checked, { judge: null })));
    const { losses, ties, wins, scores } = answer.pairs;
    expect({ wins, all: losses + ties }).toEqual({ wins: 0, all: 60 });
    expect(losses).toBeGreaterThan(15);
    expect(scores?.canary.mean).toBeCloseTo(ties / 60, 10);
    expect(answer).not.toHaveProperty('judge');
    expect(answer).not.toHaveProperty('noise');
    expect(answer.tokens?.judge).toEqual({ input: 0, output: 0 });
  });

  test('a schema tells right from wrong', async () => {
    const lines = [
      { prompt: 'One', checker: { kind: 'jsonSchema', schema: { type: 'number' } } },
      {
        prompt: 'Two',
        checker: {
          kind: 'jsonSchema',
          schema: { $schema: 'http://json-schema.org/draft-07/schema#', definitions: {}, type: 'object' },
        },
      },
    ];
    const answer = answerOf(
      await run(stage.config(await stage.prompts(lines, 'schema.jsonl'), { judge: null })),
    );
    expect(answer.pairs).toMatchObject({ ties: 2, scores: { stable: { mean: 0 }, canary: { mean: 0 } } });
  });

  test('prompts come from an address as well; its query is not in the answer', async () => {
    const { createServer } = await import('node:http');
    const text = sums(20)
      .map((it) => JSON.stringify(it))
      .join('\n');
    const server = createServer((_request, response) => response.end(text));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const url = `http://127.0.0.1:${port}/sets/v3.jsonl?token=hush`;
      const answer = answerOf(await run(stage.config(file, { prompts: { url } })));
      expect(answer.prompts).toMatchObject({ name: 'v3.jsonl', count: 20 });
      expect(JSON.stringify(answer)).not.toContain('hush');
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  test('the same prompts are asked each time where there are too many', async () => {
    const answer = answerOf(
      await run(stage.config(file, { mostPrompts: 10, noiseShare: 0, sanityShare: 0 })),
    );
    expect(answer.pairs).toMatchObject({ ties: 10 });
    expect(answer.tokens?.stable.output).toBe(160);
  });
});

describe('runJudge gives up', () => {
  test.each<[string, Parameters<Stage['set']>[0], string]>([
    ['a judge that lets nobody in', { judge: { apiKey: 'right' } }, 'the judge answers HTTP 401'],
    ['a judge without this model', { judge: { status: 404 } }, 'the judge answers HTTP 404'],
    [
      'a judge that never answers',
      { judge: { status: 503 } },
      'none of the first 10 requests to the judge was answered: HTTP 503',
    ],
    [
      'a canary that never answers',
      { canary: { errors: { http500PerThousand: 1000 } } },
      'none of the first 10 requests to canary was answered: HTTP 500',
    ],
  ])('on %s', async (_name, behaviours, why) => {
    await stage.set(behaviours);
    const { outcome, progress } = await run(stage.config(file), { apiKey: 'wrong-key' });
    expect(outcome).toEqual({ kind: 'failed', why });
    expect(JSON.stringify(progress)).not.toContain('wrong-key');
  });

  test('on an arm that is not there', async () => {
    const canary = { url: 'http://127.0.0.1:1', model: null, headers: {} };
    const { outcome } = await run(stage.config(file, { canary }));
    expect(outcome).toEqual({
      kind: 'failed',
      why: 'canary names no model: no connection or a broken one (ECONNREFUSED)',
    });
  });

  test('on a model that an arm does not serve', async () => {
    const stable = { url: stage.stable.url, model: 'other', headers: {} };
    const { outcome } = await run(stage.config(file, { stable }));
    expect(outcome).toEqual({ kind: 'failed', why: 'stable answers HTTP 404' });
  });

  test('at its deadline, when nothing was judged', async () => {
    await stage.set({ judge: { latencyMs: 60_000 } });
    const { outcome } = await run(stage.config(file, { deadlineMs: 300 }));
    expect(outcome).toEqual({ kind: 'failed', why: 'no pair was judged within 300 ms' });
  });

  test('at its deadline with what it has: the rest is lost', async () => {
    await stage.set({ judge: { latencyMs: 40 } });
    const { outcome } = await run(stage.config(file, { deadlineMs: 1000 }));
    if (outcome.kind !== 'answered') throw new Error(JSON.stringify(outcome));
    const { pairs, trust } = outcome.answer;
    const lost = trust?.lost ?? { stable: 0, canary: 0, judge: 0 };
    expect(pairs.ties).toBeGreaterThan(0);
    expect(lost.judge).toBeGreaterThan(0);
    expect(pairs.ties + lost.judge + lost.stable + lost.canary).toBe(60);
  });

  test('at once when somebody ends it', async () => {
    await stage.set({ judge: { latencyMs: 60_000 } });
    const ending = new AbortController();
    setTimeout(() => {
      ending.abort();
    }, 200);
    const startMs = performance.now();
    const { outcome } = await run(stage.config(file), {}, ending.signal);
    expect(outcome).toEqual({ kind: 'interrupted' });
    expect(performance.now() - startMs).toBeLessThan(5000);
  });
});

describe('runJudge refuses', () => {
  test.each<[string, readonly object[], boolean, string[]]>([
    ['a line without a prompt', [{ prompt: 'a' }, {}], true, ['line 2: prompt must be a text']],
    [
      'a prompt that nobody can judge',
      [{ prompt: 'a' }],
      false,
      ['line 1: checker must be set, as there is no judge'],
    ],
    [
      'a schema that is none',
      [{ prompt: 'a', checker: { kind: 'jsonSchema', schema: { type: 'strng' } } }],
      true,
      ['line 1: checker.schema must be a JSON Schema'],
    ],
  ])('%s', async (_name, lines, judge, problems) => {
    const bad = await stage.prompts(lines, 'bad.jsonl');
    const { outcome, progress } = await run(stage.config(bad, judge ? {} : { judge: null }));
    expect(outcome).toEqual({
      kind: 'refused',
      problems: problems.map((it) => expect.stringContaining(it) as unknown),
    });
    expect(progress).toEqual([]);
  });

  test('a file that is not there', async () => {
    const { outcome } = await run(stage.config('/nowhere/prompts.jsonl'));
    expect(outcome).toEqual({
      kind: 'refused',
      problems: ['prompts must be a file that can be read: found ENOENT'],
    });
  });
});
