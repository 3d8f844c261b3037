import { judgeStandard } from '../../domain/judge/standard.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Judged, RolloutState } from '../../domain/rollout/state.ts';
import { verdictCells } from './criteria.ts';
import { answerRows, type AnswerRow } from './judge-answer.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { count, oneLine } from './words.ts';

/** What the judge said last, and what of; nothing before. */
export function judgedLines({ judged, plan }: Pick<RolloutState, 'judged' | 'plan'>, paint: Paint): string {
  const last = judged.at(-1);
  if (last === undefined) return '';
  const verdicts = last.verdicts.map((it) => verdictCells(it, paint));
  const rows = judgedRows(last, plan).map(([what, text]) => [paint.faint(what), text]);
  return `${table(verdicts, '  ')}${table(rows, '  ')}`;
}

/** How a phase was judged: which Jobs failed, then what the last one answered. */
export function judgedRows({ attempts, answer, failures }: Judged, plan: Plan): AnswerRow[] {
  const tries = failures.map((why, index): AnswerRow => [
    index === 0 ? 'jobs' : '',
    `${index + 1} of ${count(attempts, 'Job')} failed: ${oneLine(why)}`,
  ]);
  if (answer === null || plan.judge === null) return tries;
  return [...tries, ...answerRows(answer, plan.judge, judgeStandard(plan))];
}
