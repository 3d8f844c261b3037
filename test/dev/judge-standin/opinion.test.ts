import { describe, expect, test } from '@jest/globals';
import { parseBehaviour, type BehaviourPatch } from '../../../dev/judge-standin/behaviour.ts';
import { gradeOf, judge, type Judged } from '../../../dev/judge-standin/opinion.ts';
import { readQuestion, type Question } from '../../../dev/judge-standin/question.ts';
import { readSettings } from '../../../dev/judge-standin/settings.ts';
import { answerTokens, type Flaw } from '../../../dev/standin/answers.ts';
import { judgeMessages } from '../../../src/domain/judge/ask-judge.ts';
import { spoil } from '../../../src/domain/judge/spoil.ts';
import { judgeDefaults } from '../../../src/domain/plan/judge-defaults.ts';

const answerTo = (prompt: string, flaw?: Flaw, length = 16) => answerTokens(prompt, length, flaw).join('');

function behaviour(patch: BehaviourPatch) {
  const parsed = parseBehaviour({}, patch);
  if (parsed.kind === 'refused') throw new Error(parsed.problems.join());
  return parsed.behaviour;
}

describe('gradeOf', () => {
  test.each(['What is 17 + 25?', 'What is 12 + 0?', 'Name a river in France', '3 * 4, please'])(
    'of answers to "%s"',
    (prompt) => {
      for (let length = 5; length <= 40; length += 1) {
        expect(gradeOf(prompt, answerTo(prompt, undefined, length))).toBe(5);
        expect(gradeOf(prompt, answerTo(prompt, 'wrong', length))).toBe(1);
        expect(gradeOf(prompt, answerTo(prompt, 'repeated', length))).toBe(1);
        expect(gradeOf(prompt, answerTo(prompt, 'cut', length))).toBeLessThan(5);
        expect(gradeOf(prompt, spoil(answerTo(prompt, undefined, length)))).toBe(1);
      }
    },
  );

  test('an answer that breaks off after what was asked for is of some use', () => {
    expect(gradeOf('What is 17 + 25?', answerTo('What is 17 + 25?', 'cut'))).toBe(3);
    expect(gradeOf('What is 17 + 25?', '')).toBe(1);
  });
});

describe('readQuestion', () => {
  test('reads what a judge is asked with', () => {
    const messages = [
      { role: 'system' as const, content: 'Be short.' },
      { role: 'user' as const, content: 'What is\n17 + 25?' },
    ];
    const asked = { messages, reference: '42', first: '- one: 42\n', second: '' };
    const text = judgeMessages(asked, judgeDefaults.criteria).at(-1)?.content ?? '';
    expect(readQuestion(text)).toEqual({
      prompt: 'What is\n17 + 25?',
      first: '- one: 42\n',
      second: '',
      criteria: ['correctness', 'helpfulness', 'clarity'],
    });
  });

  test('any other text is none', () => {
    expect(readQuestion('Which one is better?')).toBeNull();
  });
});

const criteria = ['correctness'];
const asked = (index: number, first?: Flaw, second?: Flaw): Question => {
  const prompt = `What is ${index} + 25?`;
  return { prompt, first: answerTo(prompt, first), second: answerTo(prompt, second), criteria };
};
const thousand = Array.from({ length: 1000 }, (_, index) => index);
const share = (judgements: readonly Judged[], holds: (it: Judged) => boolean) =>
  judgements.filter(holds).length / judgements.length;
const preferring = (place: 'first' | 'second' | 'tie') => (it: Judged) =>
  typeof it === 'object' && it.better === place;

describe('judge', () => {
  test('prefers the better answer, whichever comes first, and calls equal ones a tie', () => {
    expect(judge(behaviour({}), asked(1, undefined, 'wrong'))).toEqual({
      first: 5,
      second: 1,
      better: 'first',
    });
    expect(judge(behaviour({}), asked(1, 'wrong'))).toEqual({ first: 1, second: 5, better: 'second' });
    expect(judge(behaviour({}), asked(1))).toEqual({ first: 5, second: 5, better: 'tie' });
  });

  test('is right in the share that it is told, and says the same again', () => {
    const set = behaviour({ accuracyPerThousand: 800 });
    const judgements = thousand.map((index) => judge(set, asked(index, 'wrong')));
    expect(share(judgements, preferring('second'))).toBeGreaterThan(0.76);
    expect(share(judgements, preferring('second'))).toBeLessThan(0.84);
    expect(share(judgements, preferring('tie'))).toBe(0);
    expect(thousand.map((index) => judge(set, asked(index, 'wrong')))).toEqual(judgements);
  });

  test('where it is wrong about equal answers it prefers either', () => {
    const judgements = thousand.map((index) => judge(behaviour({ accuracyPerThousand: 0 }), asked(index)));
    expect(share(judgements, preferring('tie'))).toBe(0);
    expect(share(judgements, preferring('first'))).toBeGreaterThan(0.45);
    expect(share(judgements, preferring('first'))).toBeLessThan(0.55);
  });

  test.each<[BehaviourPatch, (it: Judged) => boolean, number]>([
    [{ firstBiasPerThousand: 300 }, preferring('first'), 0.3],
    [{ firstBiasPerThousand: 1000 }, preferring('first'), 1],
    [{ alwaysTie: true }, preferring('tie'), 1],
    [{ garbagePerThousand: 100 }, (it) => it === 'garbage', 0.1],
    [{ refusePerThousand: 100 }, (it) => it === 'refusal', 0.1],
  ])('%j', (patch, holds, expected) => {
    const judgements = thousand.map((index) => judge(behaviour(patch), asked(index, 'wrong')));
    expect(Math.abs(share(judgements, holds) - expected)).toBeLessThan(0.04);
  });
});

describe('readSettings', () => {
  test('an empty environment is all defaults', () => {
    expect(readSettings({ PORT: '' })).toMatchObject({
      kind: 'ok',
      options: { host: '0.0.0.0', port: 8000, adminPort: 8001, model: 'judge-standin' },
    });
  });

  test('every variable is read, and BEHAVIOUR wins over API_KEY', () => {
    const environment = { HOST: '::1', PORT: '1', ADMIN_PORT: '2', MODEL_NAME: 'm', API_KEY: 'k' };
    expect(readSettings({ ...environment, BEHAVIOUR: '{"latencyMs": 5}' })).toMatchObject({
      options: {
        ...{ host: '::1', port: 1, adminPort: 2, model: 'm' },
        behaviour: { latencyMs: 5, apiKey: 'k', accuracyPerThousand: 1000 },
      },
    });
    expect(readSettings({ ...environment, BEHAVIOUR: '{"apiKey": null}' })).toMatchObject({
      options: { behaviour: { apiKey: null } },
    });
  });

  test('tells every problem', () => {
    const read = readSettings({
      PORT: 'http',
      BEHAVIOUR: '{"firstBias": 1, "accuracyPerThousand": 1001, "status": 200}',
    });
    expect(read).toEqual({
      kind: 'refused',
      problems: [
        'PORT must be a port from 0 to 65535, found "http"',
        'BEHAVIOUR: behaviour.accuracyPerThousand must be a number of judgements per thousand from 0 to 1000, found 1001',
        'BEHAVIOUR: behaviour.status must be an HTTP status from 400 to 599, found 200',
        'BEHAVIOUR: behaviour has no field firstBias',
      ],
    });
  });
});
