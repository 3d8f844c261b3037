import { countPairs } from '../../src/domain/judge/count-pairs.ts';
import { judgeStandard } from '../../src/domain/judge/standard.ts';
import { judgeVerdicts } from '../../src/domain/judge/verdicts.ts';
import { judgeDefaults } from '../../src/domain/plan/judge-defaults.ts';
import type { JudgePlan } from '../../src/domain/plan/judge-plan.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { markdownTable } from '../../src/domain/rollout/markdown.ts';
import { seededRandom } from '../../src/domain/simulation/random.ts';
import { judgedPairs, type Scene } from './noisy-judge.ts';
import { plan as builtIn } from './tables.ts';

const seed = 1;

const judge: JudgePlan = {
  ...judgeDefaults,
  image: 'sluice-judge',
  atWeights: [1, 10, 50],
  prompts: { configMap: { name: 'prompts', key: 'prompts.jsonl' } },
  endpoint: { url: 'http://judge:8000', model: 'judge', apiKey: null },
};
/** The built-in plan with a judge as it is by default. */
const plan: Plan = { ...builtIn, judge };

export const drops: readonly number[] = [0, 0.05, 0.1, 0.2];
export const sizes: readonly number[] = [100, 200, 400, 800];
/** In points of five. */
export const favours: readonly number[] = [0, 1, 2];

/** How a judge's one look at a canary ends, by how much worse it is and by the number of prompts; Markdown. */
export function judgeTable(some: readonly number[], counts: readonly number[], times: number): string {
  const lines = some.flatMap((worse) =>
    counts.map((prompts) => {
      const { outcomes } = lookMany(prompts, { worse, favour: 0 }, times);
      return [canary(worse), written(prompts), ...outcomes.map(percent)];
    }),
  );
  return markdownTable(['canary', 'prompts', 'rolled back', 'passes', 'cannot tell'], lines);
}

/** The same for judges that like what they see first; Markdown. */
export function favourTable(some: readonly number[], prompts: number, times: number): string {
  const lines = [0, 0.2].flatMap((worse) =>
    some.map((favour) => {
      const { outcomes, first, ties, distrusted } = lookMany(prompts, { worse, favour }, times);
      return [
        canary(worse),
        favour === 0 ? 'none' : `${favour} of 5 points`,
        ...[first, ties, ...outcomes, distrusted].map(percent),
      ];
    }),
  );
  const head = [
    'canary',
    'favour',
    'votes for the first',
    'ties',
    'rolled back',
    'passes',
    'cannot tell',
    'not trusted',
  ];
  return markdownTable(head, lines);
}

/** Shares of looks, but for `first`, of single votes, and `ties`, of pairs. */
interface Looks {
  /** fail, pass, inconclusive. */
  readonly outcomes: readonly number[];
  readonly distrusted: number;
  readonly first: number;
  readonly ties: number;
}

function lookMany(prompts: number, scene: Scene, times: number): Looks {
  const random = seededRandom(seed);
  const standard = judgeStandard(plan);
  const looks = Array.from({ length: times }, () => {
    const answer = countPairs(judgedPairs(prompts, scene, random), false);
    const [verdict] = judgeVerdicts(judge, standard, { version: 1, ...answer });
    const { order } = answer.trust;
    return { verdict, first: order.first / order.decided, ties: answer.pairs.ties / prompts };
  });
  const share = (holds: (look: (typeof looks)[number]) => boolean) => looks.filter(holds).length / times;
  const mean = (of: 'first' | 'ties') => looks.reduce((sum, it) => sum + it[of], 0) / times;
  return {
    outcomes: (['fail', 'pass', 'inconclusive'] as const).map((outcome) =>
      share((it) => it.verdict?.outcome === outcome),
    ),
    distrusted: share((it) => it.verdict?.gap === 'judgeNotTrusted'),
    first: mean('first'),
    ties: mean('ties'),
  };
}

function canary(worse: number): string {
  return worse === 0 ? 'as good as stable' : `${percent(worse)} worse, limit 10 %`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`.replace('.0 ', ' ');
}

function written(count: number): string {
  return count.toLocaleString('en-US');
}
