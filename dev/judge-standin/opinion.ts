import { keyword } from '../standin/answers.ts';
import type { Behaviour } from './behaviour.ts';
import { drawOf, type Draw } from './draws.ts';
import type { Question } from './question.ts';

/** What a judge says about two answers. */
export interface Opinion {
  readonly first: number;
  readonly second: number;
  readonly better: 'first' | 'second' | 'tie';
}

/** What it says instead when it does not judge. */
export type Judged = Opinion | 'garbage' | 'refusal';

/**
 * A pure function of the behaviour and the question: neither time nor the order of questions changes what is said, and
 * another knob does not change which judgements are wrong.
 */
export function judge(behaviour: Behaviour, question: Question): Judged {
  const draw = drawOf(behaviour.seed, JSON.stringify(question));
  if (draw('garbage') * 1000 < behaviour.garbagePerThousand) return 'garbage';
  if (draw('refusal') * 1000 < behaviour.refusePerThousand) return 'refusal';
  if (behaviour.alwaysTie) return opinion(3, 3);
  const first = gradeOf(question.prompt, question.first);
  const second = gradeOf(question.prompt, question.second);
  if (draw('bias') * 1000 < behaviour.firstBiasPerThousand) return preferringFirst(first, second);
  return draw('accuracy') * 1000 < behaviour.accuracyPerThousand
    ? opinion(first, second)
    : mistaken(first, second, draw);
}

/**
 * The grade that an answer of the stand-in vLLM deserves: 5 for a right one, 3 for one that breaks off after what was
 * asked for, 1 for any other: wrong, broken off before it, one word again and again, spoilt, empty.
 */
export function gradeOf(prompt: string, answer: string): number {
  const right = new RegExp(`(?:^|\\s)${keyword(prompt)}\\.(?:\\s|$)`).test(answer);
  if (!right) return 1;
  return answer.endsWith('.') ? 5 : 3;
}

function opinion(first: number, second: number): Opinion {
  const better = first > second ? 'first' : 'second';
  return { first, second, better: first === second ? 'tie' : better };
}

function preferringFirst(first: number, second: number): Opinion {
  const [low, high] = [Math.min(first, second), Math.max(first, second)];
  return high === low ? opinion(Math.max(2, high), Math.max(2, high) - 1) : opinion(high, low);
}

/** The worse one is taken for the better one; of two equal ones either loses. */
function mistaken(first: number, second: number, draw: Draw): Opinion {
  if (first !== second) return opinion(second, first);
  const [better, worse] = [Math.max(3, first), Math.max(3, first) - 2];
  return draw('side') < 0.5 ? opinion(better, worse) : opinion(worse, better);
}
