import type { Standard } from '../../domain/analysis/standard.ts';
import type { Verdict } from '../../domain/analysis/verdict.ts';
import { percent } from '../../domain/analysis/wording.ts';
import type { JudgeAnswer, SanityCount, TokenCount } from '../../domain/judge/answer.ts';
import { moneyOf } from '../../domain/judge/cost.ts';
import { estimateJudged } from '../../domain/judge/estimates.ts';
import type { PairedMeasurement } from '../../domain/judge/paired-measurement.ts';
import type { JudgeBound } from '../../domain/plan/judge-bounds.ts';
import type { JudgePlan } from '../../domain/plan/judge-plan.ts';
import { verdictCells } from './criteria.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { oneLine, rounded } from './words.ts';

/** A judge's answer, and what it means. */
export interface JudgeResult {
  readonly verdicts: readonly Verdict[];
  readonly answer: JudgeAnswer;
}

/** Verdicts first, then the numbers behind them, then what speaks for and against believing them. */
export function judgePage(
  { verdicts, answer }: JudgeResult,
  { plan, standard }: { readonly plan: JudgePlan; readonly standard: Standard },
  paint: Paint,
): string {
  const { pairs, noise, lengths, prompts, judge, transcripts } = answer;
  const rows: (readonly [string, string])[] = [
    ['canary', `${ended(pairs)}; win rate ${interval(winRate, standard, pairs)}`],
    ...(pairs.scores === undefined ? [] : [scoreRow(pairs.scores, pairs, standard)]),
    ...(noise === undefined ? [] : ([['noise', `stable against itself: ${ended(noise)}`]] as const)),
    ...trustRows(answer),
    ...(lengths === undefined ? [] : [lengthRow(lengths)]),
    ...tokenRows(answer, plan),
    ...(judge === undefined
      ? []
      : ([['judge', `${oneLine(judge.model)}, text ${judge.promptSha256.slice(0, 12)}`]] as const)),
    ...(prompts === undefined
      ? []
      : ([
          ['prompts', `${prompts.count} of ${oneLine(prompts.name)}, sha256 ${prompts.sha256.slice(0, 12)}`],
        ] as const)),
    ...(transcripts === undefined ? [] : ([['transcript', transcripts]] as const)),
  ];
  return [
    table(verdicts.map((it) => verdictCells(it, paint))),
    '\n',
    table(rows.map(([what, text]) => [paint.faint(what), text])),
  ].join('');
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
): readonly [string, string] {
  const means = `stable ${rounded(stable.mean)}, canary ${rounded(canary.mean)}`;
  return ['scores', `${means}; drop ${interval(drop, standard, pairs)}`];
}

function trustRows({ trust }: JudgeAnswer): (readonly [string, string])[] {
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

function lengthRow({
  stable,
  canary,
  controlledWinRate,
}: NonNullable<JudgeAnswer['lengths']>): readonly [string, string] {
  const means = `stable ${Math.round(stable)} characters, canary ${Math.round(canary)}`;
  const equal = controlledWinRate === null ? '' : `; win rate at equal length ${percent(controlledWinRate)}`;
  return ['lengths', `${means}${equal}`];
}

function tokenRows({ tokens }: JudgeAnswer, { price }: JudgePlan): (readonly [string, string])[] {
  if (tokens === undefined) return [];
  const used = ({ input, output }: TokenCount) => `${input} in, ${output} out`;
  const money = moneyOf(price, tokens.judge);
  return [
    ['tokens', `judge ${used(tokens.judge)}${money === null ? '' : `, which cost ${rounded(money)}`}`],
    ['', `stable ${used(tokens.stable)}; canary ${used(tokens.canary)}`],
  ];
}
