/** What is wrong with a line of a prompt set. */
export interface PromptProblem {
  /** From 1; null: with the set as a whole. */
  readonly line: number | null;
  readonly field: string;
  readonly found: string;
  readonly allowed: string;
}

/** `line 3: prompt must be a text of 1 to 100000 characters: found nothing` */
export function promptProblemText({ line, field, found, allowed }: PromptProblem): string {
  return `${line === null ? '' : `line ${line}: `}${field} must be ${allowed}: found ${found}`;
}

/** Collects what is wrong with one line. */
export class Findings {
  readonly line: number;
  readonly problems: PromptProblem[] = [];

  /** @param line from 1 */
  constructor(line: number) {
    this.line = line;
  }

  add(field: string, found: unknown, allowed: string): void {
    this.problems.push({ line: this.line, field, found: quoted(found), allowed });
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const longestQuote = 60;

/** Short: a prompt may be long, and private. */
function quoted(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value);
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}… (${text.length} characters)`;
}
