import type { Standard } from '../../domain/analysis/standard.ts';
import { percent } from '../../domain/analysis/wording.ts';
import type { JudgeAnswer, SanityCount, TokenCount } from '../../domain/judge/answer.ts';
import { moneyOf } from '../../domain/judge/cost.ts';
import { estimateJudged } from '../../domain/judge/estimates.ts';
import type { PairedMeasurement } from '../../domain/judge/paired-measurement.ts';
import type { JudgeBound } from '../../domain/plan/judge-bounds.ts';
import type { JudgePlan } from '../../domain/plan/judge-plan.ts';
import { oneLine, rounded } from './words.ts';

/** What is told, and the telling; without the former it goes on from the row before. */
export type AnswerRow = readonly [what: string, text: string];

/** The numbers behind a judge's verdicts, then what speaks for and against believing them. */
export function answerRows(answer: JudgeAnswer, plan: JudgePlan, standard: Standard): AnswerRow[] {
  const { pairs, noise, lengths, prompts, judge } = answer;
  const rows: (AnswerRow | null)[] = [
    ['canary', `${ended(pairs)}; win rate ${interval(winRate, standard, pairs)}`],
    pairs.scores === undefined ? null : scoreRow(pairs.scores, pairs, standard),
    noise === undefined ? null : ['noise', `stable against itself: ${ended(noise)}`],
    ...trustRows(answer),
    lengths === undefined ? null : lengthRow(lengths),
    ...tokenRows(answer, plan),
    judge === undefined
      ? null
      : ['judge', `${oneLine(judge.model)}, text ${judge.promptSha256.slice(0, 12)}`],
    prompts === undefined
      ? null
      : ['prompts', `${prompts.count} of ${oneLine(prompts.name)}, sha256 ${prompts.sha256.slice(0, 12)}`],
    ...transcriptRows(answer),
  ];
  return rows.filter((it) => it !== null);
}

const winRate: JudgeBound = { metric: 'judge-win-rate', bound: { of: 'value', side: 'above', limit: 0.5 } };
const drop: JudgeBound = { metric: 'judge-quality-drop', bound: { of: 'value', side: 'below', limit: 0.1 } };

/** `won 12, lost 9, tied 179` */
function ended({ wins, losses, ties }: PairedMeasurement): string {
  return `won ${wins}, lost ${losses}, tied ${ties}`;
}

/** `51 % (47 % to 55 %)`; `not known` of too few. */
function interval(what: JudgeBound, standard: Standard, pairs: PairedMeasurement): string {
  const estimate = estimateJudged(what, standard, pairs);
  if (estimate.gap !== null) return `not known (${estimate.why})`;
  const { low, high } = estimate.interval;
  const known = Number.isFinite(low) && high !== null;
  return `${percent(estimate.value)}${known ? ` (${percent(low)} to ${percent(high)})` : ''}`;
}

function scoreRow(
  { stable, canary }: NonNullable<PairedMeasurement['scores']>,
  pairs: PairedMeasurement,
  standard: Standard,
): AnswerRow {
  const means = `stable ${rounded(stable.mean)}, canary ${rounded(canary.mean)}`;
  return ['scores', `${means}; drop ${interval(drop, standard, pairs)}`];
}

function trustRows({ trust }: JudgeAnswer): AnswerRow[] {
  if (trust === undefined) return [];
  const { asked, lost, identical, spoilt, order, sameFamily } = trust;
  const right = ({ right: some, asked: all }: SanityCount) => `${some} of ${all}`;
  const losses = `stable ${lost.stable}, canary ${lost.canary}, judge ${lost.judge}`;
  const parts = [
    `of ${asked} prompts without a judgement: ${losses}`,
    `identical pairs tied: ${right(identical)}`,
    `spoilt answers recognised: ${right(spoilt)}`,
    `preferred the first place: ${order.first} of ${order.decided} votes`,
  ];
  return [
    ...parts.map((text, place) => [place === 0 ? 'trust' : '', text] as const),
    ...(sameFamily
      ? [['', 'its model is related to a contestant’s: it may prefer its own kind'] as const]
      : []),
  ];
}

function lengthRow({ stable, canary, controlledWinRate }: NonNullable<JudgeAnswer['lengths']>): AnswerRow {
  const means = `stable ${Math.round(stable)} characters, canary ${Math.round(canary)}`;
  const equal = controlledWinRate === null ? '' : `; win rate at equal length ${percent(controlledWinRate)}`;
  return ['lengths', `${means}${equal}`];
}

function tokenRows({ tokens }: JudgeAnswer, { price }: JudgePlan): AnswerRow[] {
  if (tokens === undefined) return [];
  const used = ({ input, output }: TokenCount) => `${input} in, ${output} out`;
  const money = moneyOf(price, tokens.judge);
  return [
    ['tokens', `judge ${used(tokens.judge)}${money === null ? '' : `, which cost ${rounded(money)}`}`],
    ['', `stable ${used(tokens.stable)}; canary ${used(tokens.canary)}`],
  ];
}

function transcriptRows({ transcripts, transcriptsProblem }: JudgeAnswer): AnswerRow[] {
  const said = [transcripts, transcriptsProblem].filter((it) => it !== undefined);
  return said.map((text, place) => [place === 0 ? 'transcript' : '', oneLine(text)] as const);
}
