import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startJudgeStandin, type JudgeStandin } from '../../../dev/judge-standin/server.ts';
import { judgeMessages } from '../../../src/domain/judge/ask-judge.ts';
import { readJudgement } from '../../../src/domain/judge/read-judgement.ts';
import { judgeDefaults } from '../../../src/domain/plan/judge-defaults.ts';

let standin: JudgeStandin;
beforeEach(async () => {
  standin = await startJudgeStandin();
});
afterEach(() => standin.close());

const { criteria } = judgeDefaults;
const messages = judgeMessages(
  {
    messages: [{ role: 'user', content: 'What is 17 + 25?' }],
    ...{ reference: null, first: '17 + 25 = 42.', second: '17 + 25 = 43.' },
  },
  criteria,
);

async function ask(more: object = {}, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ model: 'judge-standin', messages, ...more });
  const response = await fetch(`${standin.url}/v1/chat/completions`, { method: 'POST', headers, body });
  const json = (await response.json()) as {
    choices?: { message: { content: string } }[];
    usage?: { prompt_tokens: number; completion_tokens: number };
  };
  return { status: response.status, text: json.choices?.[0]?.message.content ?? '', usage: json.usage };
}

async function change(method: 'PATCH' | 'PUT', behaviour: object) {
  const response = await fetch(`${standin.adminUrl}/behaviour`, { method, body: JSON.stringify(behaviour) });
  return { status: response.status, body: (await response.json()) as object };
}

describe('a stand-in judge', () => {
  test('answers with a judgement that the product reads, and counts tokens', async () => {
    const { status, text, usage } = await ask();
    expect(status).toBe(200);
    expect(readJudgement(text, criteria)).toEqual({
      kind: 'read',
      reading: { better: 'first', grades: { first: 5, second: 1 } },
    });
    expect(usage?.prompt_tokens).toBeGreaterThan(100);
    expect(usage?.completion_tokens).toBeGreaterThan(0);
  });

  test.each([
    ['garbage', { garbagePerThousand: 1000 }],
    ['a refusal', { refusePerThousand: 1000 }],
  ])('%s is no judgement', async (_name, behaviour) => {
    await change('PATCH', behaviour);
    const { status, text } = await ask();
    expect(status).toBe(200);
    expect(readJudgement(text, criteria).kind).toBe('unparsable');
  });

  test('asks for its key when it has one', async () => {
    await change('PATCH', { apiKey: 'k1' });
    expect((await ask()).status).toBe(401);
    expect((await ask({}, { authorization: 'Bearer k2' })).status).toBe(401);
    expect((await ask({}, { authorization: 'Bearer k1' })).status).toBe(200);
  });

  test.each<[string, object, object, number]>([
    ['a status', { status: 503 }, {}, 503],
    ['another model', {}, { model: 'other' }, 404],
    [
      'a format that it does not take',
      { takesResponseFormat: false },
      { response_format: { type: 'json_object' } },
      400,
    ],
    ['a format that it takes', {}, { response_format: { type: 'json_object' } }, 200],
    ['no question to a judge', {}, { messages: [{ role: 'user', content: 'Hello' }] }, 400],
    ['no messages', {}, { messages: [] }, 400],
  ])('%s', async (_name, behaviour, more, status) => {
    await change('PATCH', behaviour);
    expect((await ask(more)).status).toBe(status);
  });

  test('keeps a changed behaviour, goes back with PUT, and refuses what is not valid', async () => {
    expect(await change('PATCH', { latencyMs: 1, alwaysTie: true })).toMatchObject({
      status: 200,
      body: { latencyMs: 1, alwaysTie: true },
    });
    expect((await change('PATCH', { latencyMs: -1 })).status).toBe(400);
    expect(await change('PUT', { latencyMs: 2 })).toMatchObject({
      body: { latencyMs: 2, alwaysTie: false },
    });
  });

  test('lists its model', async () => {
    const response = await fetch(`${standin.url}/v1/models`);
    expect(await response.json()).toMatchObject({ data: [{ id: 'judge-standin' }] });
  });
});
