import { defaultGuards, defaultPhases, planDefaults } from '../../src/domain/plan/defaults.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { metricsPlan } from './plans.ts';
import type { Judged, RolloutOutcome, RolloutState } from '../../src/domain/rollout/state.ts';

/** 2026-11-21 10:00:00Z */
export const startedAtMs = Date.UTC(2026, 10, 21, 10);
const minute = 60_000;

export const plan: Plan = {
  name: 'vllm',
  target: {
    cluster: 'default',
    namespace: 'llm',
    workload: { kind: 'Deployment', name: 'vllm' },
    service: { name: 'vllm', port: 8000 },
    router: { kind: 'HTTPRoute', name: 'llm' },
  },
  release: { version: 'v2', patch: {} },
  ...planDefaults,
  phases: defaultPhases,
  guards: defaultGuards,
  metrics: metricsPlan({ url: 'http://prometheus:9090' }),
};

/** In the bake of its second phase, 83 minutes after the start; 37 minutes are left. */
export const baking: RolloutState = {
  rolloutId: '0199-run',
  plan,
  startedBy: 'anna',
  startedAtMs,
  status: 'baking',
  phase: 1,
  weightPercent: 10,
  endsAtMs: startedAtMs + 120 * minute,
  holdReason: null,
  weights: [
    { atMs: startedAtMs + 5 * minute, percent: 1 },
    { atMs: startedAtMs + 65 * minute, percent: 10 },
  ],
  judgements: [
    {
      ...{ atMs: startedAtMs + 65 * minute, phase: 0 },
      verdicts: [
        {
          outcome: 'pass',
          metric: 'error-rate',
          gap: null,
          value: 0.0002,
          interval: { low: 0.000_01, high: 0.0009 },
          limit: 0.001,
          samples: 5000,
          sentence: '1 of 5000 requests failed (0.02 %), below 0.1 %',
        },
        {
          outcome: 'inconclusive',
          metric: 'e2e-latency p99',
          gap: 'tooFewSamples',
          value: null,
          interval: null,
          limit: 2,
          samples: 120,
          sentence: '120 requests, 300 are needed',
        },
      ],
    },
  ],
  judged: [],
  events: [
    { atMs: startedAtMs, what: 'started, v2', by: 'anna' },
    { atMs: startedAtMs + 5 * minute, what: 'phase 1: 1 %', by: null },
    { atMs: startedAtMs + 66 * minute, what: 'phase 2: 10 %', by: null },
  ],
  outcome: null,
};

/** When {@link baking} is looked at. */
export const nowMs = startedAtMs + 83 * minute;

export const promoted: RolloutOutcome = {
  status: 'promoted',
  reason: 'completed',
  sentence: 'v2 is stable now',
  evidence: [],
  leftToDo: [],
};

export const rolledBack: RolloutOutcome = {
  status: 'rolledBack',
  reason: 'breach',
  sentence: '30 of 1000 requests failed (3 %), above 1 %',
  evidence: [
    {
      outcome: 'fail',
      metric: 'error-rate',
      gap: null,
      value: 0.03,
      interval: { low: 0.02, high: 0.042 },
      limit: 0.01,
      samples: 1000,
      sentence: '30 of 1000 requests failed (3 %), above 1 %',
    },
  ],
  leftToDo: [],
};

export function ended(outcome: RolloutOutcome): RolloutState {
  return { ...baking, status: outcome.status, weightPercent: 0, endsAtMs: null, outcome };
}

/** The judge has found the canary's answers worse, at its second try. */
export const judgedWorse: Judged = {
  ...{ atMs: startedAtMs + 80 * minute, phase: 1, attempts: 2, failures: ['its pod was evicted: <disk>'] },
  verdicts: [
    {
      ...{ outcome: 'fail', metric: 'judge-quality-drop', gap: null, limit: 0.1, samples: 400 },
      ...{ value: 0.21, interval: { low: 0.14, high: 0.28 } },
      sentence: "judge: quality 21 % below stable's over 400 prompts (14 % to 28 %), limit < 10 %",
    },
  ],
  answer: {
    version: 1,
    pairs: { wins: 20, losses: 180, ties: 200 },
    noise: { wins: 1, losses: 2, ties: 37 },
    trust: {
      ...{ asked: 410, lost: { stable: 3, canary: 5, judge: 2 }, sameFamily: true },
      ...{ identical: { asked: 20, right: 20 }, spoilt: { asked: 20, right: 19 } },
      order: { decided: 400, first: 212 },
    },
    prompts: { name: 'prompts.jsonl', sha256: '0123456789abcdef0123', count: 410 },
    judge: { model: 'judge-1', promptSha256: 'fedcba9876543210fedc' },
    lengths: { stable: 310.4, canary: 250.6, controlledWinRate: 0.312 },
    tokens: {
      judge: { input: 900_000, output: 60_000 },
      stable: { input: 40_000, output: 80_000 },
      canary: { input: 38_000, output: 70_000 },
    },
    transcripts: 'vllm-judge-1-2-2.jsonl',
    transcriptsProblem: 'the transcript ends early: ENOSPC',
  },
};
