import { describe, expect, test } from '@jest/globals';
import { parseBehaviour, type Behaviour, type BehaviourPatch } from '../../../dev/standin/behaviour.ts';
import { planRequest, type Plan } from '../../../dev/standin/plan.ts';

const sum = { prompt: 'What is 17 + 25?' };
const requests = Array.from({ length: 5_000 }, (_, request) => request);

function behave(patch: BehaviourPatch): Behaviour {
  const parsed = parseBehaviour({}, patch);
  if (parsed.kind === 'refused') throw new Error(parsed.problems.join('\n'));
  return parsed.behaviour;
}

function plans(patch: BehaviourPatch, question: { prompt: string; maxTokens?: number } = sum): Plan[] {
  const behaviour = behave(patch);
  return requests.map((request) => planRequest(behaviour, request, question));
}

function answers(patch: BehaviourPatch, question?: { prompt: string; maxTokens?: number }) {
  return plans(patch, question).filter((plan) => plan.kind === 'answer');
}

/** 4 standard deviations of the share of `requests` that a draw per thousand hits. */
function tolerance(share: number): number {
  return 4 * Math.sqrt((share * (1000 - share)) / requests.length) + 0.001;
}

function perThousand(all: readonly Plan[], holds: (plan: Plan) => boolean): number {
  return (all.filter(holds).length / all.length) * 1000;
}

const mean = (values: readonly number[]): number =>
  values.reduce((total, it) => total + it, 0) / values.length;

describe('planRequest', () => {
  test('equal arguments give equal plans', () => {
    const behaviour = behave({ errors: { http500PerThousand: 300 }, quality: { wrongPerThousand: 300 } });
    for (let request = 0; request < 100; request += 1) {
      expect(planRequest(behaviour, request, sum)).toEqual(planRequest(behaviour, request, sum));
    }
  });

  test.each([
    [500, 'http500PerThousand'],
    [429, 'http429PerThousand'],
    [400, 'http400PerThousand'],
  ] as const)('status %i comes at the share asked for', (status, knob) => {
    for (const share of [1, 10, 400, 1000]) {
      const refused = perThousand(
        plans({ errors: { [knob]: share } }),
        (it) => it.kind === 'refuse' && it.status === status,
      );
      expect(Math.abs(refused - share)).toBeLessThan(tolerance(share));
    }
  });

  test.each([
    ['streamed errors', 'error', { errors: { streamedPerThousand: 50 } }],
    ['cut answers', 'length', { quality: { cutPerThousand: 50 } }],
    ['repeated answers', 'repetition', { quality: { repeatedPerThousand: 50 } }],
  ] as const)('%s come at the share asked for and end as "%s"', (_name, finish, patch) => {
    const share = perThousand(plans(patch), (it) => it.kind === 'answer' && it.finish === finish);
    expect(Math.abs(share - 50)).toBeLessThan(tolerance(50));
  });

  test('wrong answers come at the share asked for and end as "stop"', () => {
    const wrong = answers({ quality: { wrongPerThousand: 50 } }).filter((it) => !it.tokens.includes(' 42.'));
    expect(Math.abs(wrong.length / 5 - 50)).toBeLessThan(tolerance(50));
    expect(new Set(wrong.map((it) => it.finish))).toEqual(new Set(['stop']));
  });

  test('one knob leaves what the others decide alone', () => {
    const statuses = (patch: BehaviourPatch): unknown[] =>
      plans(patch).map((it) => (it.kind === 'refuse' && it.status === 500 ? it : undefined));
    const alone = { errors: { http500PerThousand: 20 } };
    const among = {
      errors: { http500PerThousand: 20, http429PerThousand: 30, streamedPerThousand: 40 },
      ttft: { medianMs: 1 },
      answer: { meanTokens: 40 },
      quality: { wrongPerThousand: 100 },
    };
    expect(statuses(among)).toEqual(statuses(alone));
  });

  test('answers have the mean and spread of tokens asked for', () => {
    const lengths = answers({ answer: { meanTokens: 32, spreadTokens: 6 } }).map((it) => it.tokens.length);
    expect(mean(lengths)).toBeCloseTo(32, 0);
    expect(Math.sqrt(mean(lengths.map((it) => (it - mean(lengths)) ** 2)))).toBeCloseTo(6, 0);
  });

  test('the first token and the gaps have the median and p99 asked for', () => {
    const all = answers({ ttft: { medianMs: 20, p99Ms: 60 }, interToken: { medianMs: 4, p99Ms: 10 } });
    const sorted = (values: number[]): number[] => values.sort((a, b) => a - b);
    const firsts = sorted(all.map((it) => it.dueMs[0] ?? 0));
    const gaps = sorted(all.map((it) => (it.dueMs[1] ?? 0) - (it.dueMs[0] ?? 0)));
    const at = (values: number[], share: number): number => values[Math.floor(values.length * share)] ?? 0;
    expect(Math.abs(at(firsts, 0.5) / 20 - 1)).toBeLessThan(0.04);
    expect(Math.abs(at(firsts, 0.99) / 60 - 1)).toBeLessThan(0.1);
    expect(Math.abs(at(gaps, 0.5) / 4 - 1)).toBeLessThan(0.04);
    expect(Math.abs(at(gaps, 0.99) / 10 - 1)).toBeLessThan(0.1);
  });

  test('every token has a due time and none comes before the one before', () => {
    for (const { tokens, dueMs } of answers({}).slice(0, 200)) {
      expect(dueMs).toHaveLength(tokens.length);
      expect([...dueMs].sort((a, b) => a - b)).toEqual(dueMs);
    }
  });

  test('max tokens cut the answer and name "length"; a bound that is not reached changes nothing', () => {
    const fixed = { answer: { meanTokens: 16, spreadTokens: 0 } };
    expect(answers(fixed, { ...sum, maxTokens: 3 })[0]).toMatchObject({
      tokens: ['17', ' +', ' 25'],
      finish: 'length',
    });
    expect(answers(fixed, { ...sum, maxTokens: 16 })[0]).toMatchObject({ finish: 'stop' });
  });

  test('a streamed error comes after at least one token and before the end', () => {
    for (const { tokens } of answers({
      errors: { streamedPerThousand: 1000 },
      answer: { spreadTokens: 0 },
    })) {
      expect(tokens.length).toBeGreaterThanOrEqual(1);
      expect(tokens.length).toBeLessThan(16);
    }
  });
});
