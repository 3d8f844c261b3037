import type { RubricCriterion } from '../plan/judge-plan.ts';
import { isRecord } from './prompt-problem.ts';
import type { Preference } from './judged-pair.ts';

/** One vote of a judge. */
export interface Reading {
  readonly better: Preference;
  /** Mean grades over all criteria, 1 to 5. */
  readonly grades: { readonly first: number; readonly second: number };
}

/** @property why for transcripts: what was missing */
export type JudgementReading =
  | { readonly kind: 'read'; readonly reading: Reading }
  | { readonly kind: 'unparsable'; readonly why: string };

/**
 * Reads what a judge said. Text around its JSON is let pass, as many models cannot leave it; what is inside is not
 * repaired: a grade that is missing, broken or out of range makes the whole of it worthless, and so does a second object,
 * since nobody knows which one counts.
 */
export function readJudgement(text: string, criteria: readonly RubricCriterion[]): JudgementReading {
  const objects = objectsIn(withoutThoughts(text));
  const [said] = objects;
  if (said === undefined) return unparsable('no JSON object');
  if (objects.length > 1) return unparsable(`${objects.length} JSON objects`);
  const first = meanGrade(said['first'], criteria);
  const second = meanGrade(said['second'], criteria);
  if (first === null || second === null)
    return unparsable(`first and second must have whole grades from 1 to 5 for every criterion`);
  const better = preferences.find((it) => it === said['better']);
  if (better === undefined) return unparsable('better must be first, second or tie');
  return { kind: 'read', reading: { better, grades: { first, second } } };
}

const preferences = ['first', 'second', 'tie'] as const satisfies readonly Preference[];

function unparsable(why: string): JudgementReading {
  return { kind: 'unparsable', why };
}

/** Models that reason aloud try out answers before they give one. */
function withoutThoughts(text: string): string {
  return text.replaceAll(/<think>.*?<\/think>/gs, '').replace(/^.*<\/think>/s, '');
}

function meanGrade(grades: unknown, criteria: readonly RubricCriterion[]): number | null {
  if (!isRecord(grades) || criteria.length === 0) return null;
  let sum = 0;
  for (const { name } of criteria) {
    const grade = Object.hasOwn(grades, name) ? grades[name] : undefined;
    if (typeof grade !== 'number' || !Number.isInteger(grade) || grade < 1 || grade > 5) return null;
    sum += grade;
  }
  return sum / criteria.length;
}

/** Characters: a judge that says more has not done what it was asked for, and each brace of it would be tried. */
const longest = 20_000;

/** The JSON objects of a text, in their order, those inside of others aside. */
function objectsIn(text: string): Readonly<Record<string, unknown>>[] {
  const found: Readonly<Record<string, unknown>>[] = [];
  if (text.length > longest) return found;
  for (let from = text.indexOf('{'); from >= 0;) {
    const to = endOfObject(text, from);
    const object = to === null ? undefined : parse(text.slice(from, to));
    if (isRecord(object)) found.push(object);
    // Behind what was read; else behind the brace, which then began nothing.
    from = text.indexOf('{', object === undefined || to === null ? from + 1 : to);
  }
  return found;
}

/** The place behind the brace that closes the one at `from`; null when none does. Braces in strings do not count. */
function endOfObject(text: string, from: number): number | null {
  let depth = 0;
  let inString = false;
  for (let place = from; place < text.length; place += 1) {
    const character = text[place];
    if (inString) {
      if (character === '\\') place += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return place + 1;
  }
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
