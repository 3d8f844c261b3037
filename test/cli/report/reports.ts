import type { Report } from '../../../src/cli/report/report.ts';
import type { RolloutOutcome, RolloutState } from '../../../src/domain/rollout/state.ts';
import { samplesOf, stretchesOf } from '../../../src/domain/series/stretches.ts';
import { baking, nowMs } from '../../support/cli-states.ts';

const minute = 60_000;
const { startedAtMs } = baking;

export const outcome: RolloutOutcome = {
  status: 'rolledBack',
  reason: 'breach',
  sentence: 'error rate 4.9 % of 412 requests (1.4 % to 8.8 %), limit < 1 %',
  evidence: [],
  leftToDo: ['look at <the> pods'],
};

/** Rolled back at 10 %, an hour after somebody held it. */
export const rolledBack: RolloutState = {
  ...baking,
  ...{ status: 'rolledBack', weightPercent: 0, endsAtMs: null, outcome },
  weights: [...baking.weights, { atMs: startedAtMs + 80 * minute, percent: 0 }],
  events: [
    ...baking.events,
    { atMs: startedAtMs + 70 * minute, what: 'hold: <script>alert(1)</script>', by: 'bert & co' },
    { atMs: startedAtMs + 80 * minute, what: `rolling back: ${outcome.sentence}`, by: null },
    { atMs: startedAtMs + 81 * minute, what: `rolledBack: ${outcome.sentence}`, by: null },
  ],
};

const arm = (value: number) => ({ value, low: value / 2, high: value * 2, samples: 100 });

/** Both arms' errors at every point; the canary's are ten times as many. */
export function reportOf(state: RolloutState, changes: Partial<Report> = {}): Report {
  const points = stretchesOf(state, nowMs)
    .flatMap(samplesOf)
    .map(({ atMs }) => ({ atMs, stable: arm(0.001), canary: arm(0.01) }));
  return {
    rollout: { cluster: 'default', namespace: 'llm', name: 'vllm' },
    ...{ state, cutOff: null, madeAtMs: nowMs, url: 'https://temporal.example/run?a=1&b=2' },
    series: { kind: 'series', series: [{ name: 'error-rate', points }] },
    ...changes,
  };
}
