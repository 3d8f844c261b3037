import { planDefaults } from '../../src/domain/plan/defaults.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { markdownTable } from '../../src/domain/rollout/markdown.ts';
import { seededRandom } from '../../src/domain/simulation/random.ts';
import { play, type Played, type Scene } from './play.ts';
import { fixedThreshold, proving, type Watcher } from './watchers.ts';

const seed = 1;
const hour = 3_600_000;

/** The built-in plan; the old version is kept for an hour, since a day of good requests tells no more. */
export const plan: Plan = {
  name: 'llama',
  target: {
    cluster: 'default',
    namespace: 'llm',
    workload: { kind: 'Deployment', name: 'vllm' },
    service: { name: 'vllm', port: 8000 },
    router: { kind: 'HTTPRoute', name: 'llm' },
  },
  release: { version: 'v2', patch: {} },
  ...planDefaults,
  metrics: {
    prometheus: { url: 'http://127.0.0.1:9090' },
    ...planDefaults.metrics,
  },
  keepOldMs: hour,
};

export interface Row {
  readonly what: string;
  readonly scene: Scene;
}

const steady = (requestsPerSecond: number, percent: number): Row => ({
  what: `${percent} % errors, ${requestsPerSecond} requests/s`,
  scene: { requestsPerSecond, errorShare: () => percent / 100 },
});
/** Within the second phase, half an hour after its start. */
const late = (requestsPerSecond: number, percent: number): Row => ({
  what: `${percent} % errors from 1 h 30 min on, ${requestsPerSecond} requests/s`,
  scene: { requestsPerSecond, errorShare: (sinceMs) => (sinceMs < 1.5 * hour ? 0 : percent / 100) },
});

export const rows: readonly Row[] = [10, 100].flatMap((rate) => [
  ...[0.02, 0.05, 0.5, 2, 5, 20, 100].map((percent) => steady(rate, percent)),
  late(rate, 5),
]);

/** Plays every row so many times, by both; Markdown. */
export function outcomesTable(some: readonly Row[], times: number): string {
  const head = ['canary', 'Sluice', 'after', 'failed', 'fixed threshold', 'after', 'failed'];
  const lines = some.map(({ what, scene }) => [
    what,
    ...[proving(plan), fixedThreshold(plan)].flatMap((watcher) =>
      cells(playMany(plan, scene, watcher, times)),
    ),
  ]);
  return markdownTable(head, lines);
}

/** The same chance for everybody who plays a scene. */
export function playMany(of: Plan, scene: Scene, watcher: Watcher, times: number): Played[] {
  const random = seededRandom(seed);
  return Array.from({ length: times }, () => play(of, scene, watcher, random));
}

/** How most of them ended, and the medians of those. */
function cells(played: readonly Played[]): string[] {
  const kinds = (['promoted', 'held', 'rolledBack'] as const).map((outcome) => ({
    outcome,
    some: played.filter((it) => it.outcome === outcome),
  }));
  const told = kinds
    .filter(({ some }) => some.length > 0)
    .map(({ outcome, some }) => `${words[outcome]} ${percent(some.length / played.length)}`);
  const back = kinds[2]?.some ?? [];
  if (back.length === 0) return [told.join(', '), '', ''];
  const [after, harmed] = [median(back.map((it) => it.afterMs)), median(back.map((it) => it.harmed))];
  return [
    told.join(', '),
    after < hour ? `${after / 1000} s` : `${(after / hour).toFixed(1)} h`,
    `${harmed}`,
  ];
}

const words = { promoted: 'promoted', held: 'held', rolledBack: 'rolled back' } as const;

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 || share > 0.9 ? 1 : 0)} %`.replace('.0 ', ' ');
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}
