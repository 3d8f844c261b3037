import type { Standard } from '../../domain/analysis/standard.ts';
import type { Verdict } from '../../domain/analysis/verdict.ts';
import type { JudgeAnswer } from '../../domain/judge/answer.ts';
import type { JudgePlan } from '../../domain/plan/judge-plan.ts';
import { verdictCells } from './criteria.ts';
import { answerRows } from './judge-answer.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';

/** A judge's answer, and what it means. */
export interface JudgeResult {
  readonly verdicts: readonly Verdict[];
  readonly answer: JudgeAnswer;
}

/** `sluice judge`: verdicts first, then what they rest on. */
export function judgePage(
  { verdicts, answer }: JudgeResult,
  { plan, standard }: { readonly plan: JudgePlan; readonly standard: Standard },
  paint: Paint,
): string {
  const rows = answerRows(answer, plan, standard);
  return [
    table(verdicts.map((it) => verdictCells(it, paint))),
    '\n',
    table(rows.map(([what, text]) => [paint.faint(what), text])),
  ].join('');
}
