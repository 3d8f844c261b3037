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
  const prompts = promptsOf(judge, needed);
  const rows = [
    ['phases', `${judge.atWeights.map(percent).join(', ')}; their gates wait for it`],
    ['limits', `${limitsText(judge)}; ${judge.evidence}, from ${count(judge.minimumPairs, 'pair')}`],
    ['judged by', judgedBy(judge)],
    ['prompts', promptsText(judge)],
    ...titled('needs', needed.flatMap(neededTexts)),
    ['each Job', jobText(judge, prompts)],
    ...titled('costs', costTexts(judge, prompts)),
    ...titled('assumed', assumedTexts(judge, needed.length > 0)),
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

/** Lines of which the first one has the title. */
function titled(title: string, lines: readonly string[]): string[][] {
  return lines.map((line, index) => [index === 0 ? title : '', line]);
}

function neededTexts({ metric, limit, toPass, toFail }: PromptsNeeded): string[] {
  const about = limitWords[metric];
  if (toPass === null || toFail === null)
    return [`${about}: no number of prompts proves that a canary as good as stable keeps ${ofShare(limit)}`];
  const beyond =
    metric === 'judge-quality-drop'
      ? `that is ${ofShare(2 * limit)} worse`
      : `whose win rate is ${ofShare(Math.max(0, 2 * limit - 1 / 2))}`;
  return [
    `${about}: ${count(toPass, 'prompt')} to pass a canary as good as stable`,
    `${about}: ${count(toFail, 'prompt')} to fail one ${beyond}`,
  ];
}

/** As many as are asked at most, else as many as are needed. */
function promptsOf({ mostPrompts, minimumPairs }: JudgePlan, needed: readonly PromptsNeeded[]): number {
  return mostPrompts ?? Math.max(minimumPairs, ...needed.flatMap((it) => [it.toPass ?? 0, it.toFail ?? 0]));
}

function jobText(judge: JudgePlan, prompts: number): string {
  const { stable, canary, judge: own } = judgeCost(judge, prompts).calls;
  const asked = `${stable} requests to stable, ${canary} to the canary, ${own} to the judge`;
  return `of ${count(prompts, 'prompt')}: ${asked}; ${span(judge.deadlineMs)} at most`;
}

function costTexts(judge: JudgePlan, prompts: number): string[] {
  if (judge.endpoint === null) return [];
  const { tokens, money } = judgeCost(judge, prompts);
  const { input, output } = tokens.judge;
  const price = money === null ? 'no price is given' : `about ${about(money)} at the plan’s price`;
  return [`${price}: the judge reads ${about(input)} tokens and writes ${about(output)}`];
}

function assumedTexts({ endpoint }: JudgePlan, withScores: boolean): string[] {
  const { mean, deviation, ties } = assumedScores;
  const { prompt, answer, judgement } = assumedTokens;
  const scores = `stable’s mean score ${ofShare(mean)}, differences that scatter by ${ofShare(deviation)}, ${ofShare(ties)} ties`;
  return [
    ...(withScores ? [`${scores}; so it is seen in 4 of 5 cases`] : []),
    ...(endpoint === null
      ? []
      : [`prompts of ${prompt} tokens, answers of ${answer}, judgements of ${judgement}`]),
  ];
}

/** Two digits: nobody knows more. */
function about(amount: number): string {
  return Number(amount.toPrecision(2)).toLocaleString('en');
}
