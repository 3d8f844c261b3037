import type { RolloutOutcome } from '../../domain/rollout/state.ts';
import { verdictCells } from './criteria.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { oneLine } from './words.ts';

/** How it ended: a line, the verdicts that decided, and what is left to do. */
export function outcomeText({ status, sentence, evidence, leftToDo }: RolloutOutcome, paint: Paint): string {
  const words = {
    promoted: paint.good('promoted'),
    rolledBack: paint.bad('rolled back'),
    failed: paint.bad('failed'),
  };
  const verdicts = table(
    evidence.map((verdict) => verdictCells(verdict, paint)),
    '  ',
  );
  const rest = leftToDo.map((task) => `  ${paint.warn('to do:')} ${oneLine(task)}\n`).join('');
  return `${words[status]}: ${oneLine(sentence)}\n${verdicts}${rest}`;
}

/** Ended in Temporal without an outcome of its own: what that means for the traffic. */
export function cutOffText(how: string, paint: Paint): string {
  return (
    `${paint.bad('ended without an outcome')}: ${how}\n` +
    '  Nobody rolled anything back: route and canary are as they were. See what the route says, and put it right.\n'
  );
}
