import { percent as ofShare } from '../../domain/analysis/wording.ts';
import { assumedTokens, judgeCost } from '../../domain/judge/cost.ts';
import { assumedScores, promptsNeeded, type PromptsNeeded } from '../../domain/judge/sample-size.ts';
import { judgeBounds, type JudgeMetric } from '../../domain/plan/judge-bounds.ts';
import type { JudgePlan, PromptsPlan } from '../../domain/plan/judge-plan.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { span } from '../../domain/rollout/span.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { count, percent } from './words.ts';

/** What a plan's judge does, how many prompts that takes, and what a Job costs; null without a judge. */
export function judgeLines(plan: Plan, paint: Paint): string | null {
  const { judge } = plan;
  if (judge === null) return null;
  const needed = promptsNeeded(plan);
  const rows = [
    ['phases', `${judge.atWeights.map(percent).join(', ')}; their gates wait for it`],
    ['limits', `${limitsText(judge)}; ${judge.evidence}, from ${count(judge.minimumPairs, 'pair')}`],
    ['judged by', judgedBy(judge)],
    ['prompts', promptsText(judge)],
    ...needed.map((it) => ['needs', neededText(it)]),
    ['each Job', `${jobText(judge, promptsOf(judge, needed))}, ${span(judge.deadlineMs)} at most`],
    ['assumed', assumedText(needed.length > 0)],
  ];
  return table(
    rows.map(([title = '', text = '']) => [paint.faint(title), text]),
    '  ',
  );
}

const limitWords: Readonly<Record<JudgeMetric, string>> = {
  'judge-quality-drop': 'quality drop',
  'judge-win-rate': 'win rate',
  'judge-score': 'score',
};

/** `quality drop below 10 %` */
function limitText(metric: JudgeMetric, side: 'below' | 'above', limit: number): string {
  return `${limitWords[metric]} ${side} ${ofShare(limit)}`;
}

function limitsText({ limits }: JudgePlan): string {
  return judgeBounds(limits)
    .map(({ metric, bound }) => limitText(metric, bound.side, bound.limit))
    .join(', ');
}

function judgedBy({ endpoint, criteria }: JudgePlan): string {
  if (endpoint === null) return 'the checkers of the prompts alone';
  return `${endpoint.model} at ${endpoint.url}, by ${criteria.map((it) => it.name).join(', ')}`;
}

function promptsText({ prompts, mostPrompts }: JudgePlan): string {
  return `${whereFrom(prompts)}; ${mostPrompts === null ? 'all of them' : `${mostPrompts} of them at most`}`;
}

function whereFrom(prompts: PromptsPlan): string {
  if ('url' in prompts) return prompts.url;
  return `ConfigMap ${prompts.configMap.name}, ${prompts.configMap.key}`;
}

function neededText({ metric, limit, toPass, toFail }: PromptsNeeded): string {
  if (toPass === null || toFail === null)
    return `${limitWords[metric]}: no number of prompts proves that a canary as good as stable keeps ${ofShare(limit)}`;
  const beyond =
    metric === 'judge-quality-drop'
      ? `is ${ofShare(2 * limit)} worse`
      : `wins ${ofShare(Math.max(0, 2 * limit - 1 / 2))}`;
  return `${limitWords[metric]}: ${count(toPass, 'prompt')} to pass a canary as good as stable, ${toFail} to fail one that ${beyond}`;
}

/** As many as are asked at most, else as many as are needed. */
function promptsOf({ mostPrompts, minimumPairs }: JudgePlan, needed: readonly PromptsNeeded[]): number {
  return mostPrompts ?? Math.max(minimumPairs, ...needed.flatMap((it) => [it.toPass ?? 0, it.toFail ?? 0]));
}

function jobText(judge: JudgePlan, prompts: number): string {
  const { calls, tokens, money } = judgeCost(judge, prompts);
  const asked = `${count(prompts, 'prompt')}: ${calls.stable} requests to stable, ${calls.canary} to the canary`;
  if (judge.endpoint === null) return asked;
  const price = money === null ? 'no price is given' : `${about(money)} at the plan’s price`;
  const { input, output } = tokens.judge;
  return `${asked}, ${calls.judge} to the judge, who reads ${about(input)} tokens and writes ${about(output)} (${price})`;
}

function assumedText(withScores: boolean): string {
  const { prompt, answer, judgement } = assumedTokens;
  const sizes = `prompts of ${prompt} tokens, answers of ${answer}, judgements of ${judgement}`;
  if (!withScores) return sizes;
  const { mean, deviation, ties } = assumedScores;
  return `stable’s mean score ${ofShare(mean)}, its difference scattering by ${ofShare(deviation)}, ${ofShare(ties)} ties; ${sizes}`;
}

/** Two digits: nobody knows more. */
function about(amount: number): string {
  return Number(amount.toPrecision(2)).toLocaleString('en');
}
