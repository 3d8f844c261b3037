import { answerTokens, type Flaw } from './answers.ts';
import type { Behaviour } from './behaviour.ts';
import { lognormal, pickKind, standardNormal, uniform, type DrawKey, type Purpose } from './draws.ts';

/** The part of a request that shapes its answer. */
export interface Question {
  readonly prompt: string;
  /** Most tokens to answer with; none means no bound. */
  readonly maxTokens?: number | undefined;
}

/** Why an answer ends, in vLLM's words; `error` is a fault of the engine. */
export type FinishReason = 'stop' | 'length' | 'repetition' | 'error';

/** What happens to one request, decided before it starts. */
export type Plan =
  | { readonly kind: 'refuse'; readonly status: 400 | 429 | 500 }
  | {
      readonly kind: 'answer';
      readonly tokens: readonly string[];
      /** When each token is due, in ms after the request got its slot; never falling. */
      readonly dueMs: readonly number[];
      readonly finish: FinishReason;
    };

/** Plans request number `request` (from 0) of a server: a pure function of its arguments. */
export function planRequest(behaviour: Behaviour, request: number, question: Question): Plan {
  const keyFor = (purpose: Purpose): DrawKey => ({ seed: behaviour.seed, request, purpose });
  const fault = pickKind(uniform(keyFor('fault')), faultShares(behaviour));
  if (fault && fault !== 'streamed') return { kind: 'refuse', status: statuses[fault] };

  const flaw = pickKind(uniform(keyFor('quality')), flawShares(behaviour));
  const length = answerLength(behaviour, standardNormal(keyFor('answerTokens')));
  const whole = answerTokens(question.prompt, length, flaw);
  const tokens = whole.slice(0, question.maxTokens ?? whole.length);
  const finish = tokens.length < whole.length ? 'length' : finishOf(flaw);
  if (fault !== 'streamed')
    return { kind: 'answer', tokens, dueMs: dueTimes(behaviour, request, tokens.length), finish };

  const spoken = 1 + Math.floor(uniform(keyFor('faultPoint')) * (tokens.length - 1));
  return {
    kind: 'answer',
    tokens: tokens.slice(0, spoken),
    dueMs: dueTimes(behaviour, request, spoken),
    finish: 'error',
  };
}

const statuses = { http500: 500, http429: 429, http400: 400 } as const;

function faultShares({ errors }: Behaviour) {
  return {
    http500: errors.http500PerThousand,
    http429: errors.http429PerThousand,
    http400: errors.http400PerThousand,
    streamed: errors.streamedPerThousand,
  };
}

function flawShares({ quality }: Behaviour) {
  return {
    wrong: quality.wrongPerThousand,
    cut: quality.cutPerThousand,
    repeated: quality.repeatedPerThousand,
  };
}

function finishOf(flaw: Flaw | undefined): FinishReason {
  if (flaw === 'cut') return 'length';
  return flaw === 'repeated' ? 'repetition' : 'stop';
}

/** Cutting the tails at three spreads on both sides keeps the mean and, by the schema's bound, one token. */
function answerLength({ answer }: Behaviour, z: number): number {
  const within = Math.max(-3, Math.min(3, z));
  return Math.max(1, Math.round(answer.meanTokens + answer.spreadTokens * within));
}

function dueTimes({ seed, ttft, interToken }: Behaviour, request: number, tokens: number): number[] {
  let atMs = lognormal(ttft.medianMs, ttft.p99Ms, standardNormal({ seed, request, purpose: 'ttft' }));
  const dueMs = [atMs];
  for (let index = 1; index < tokens; index += 1) {
    const z = standardNormal({ seed, request, purpose: 'interToken', index });
    atMs += lognormal(interToken.medianMs, interToken.p99Ms, z);
    dueMs.push(atMs);
  }
  return dueMs;
}
