import type { Checker, JsonSchema } from './read-checker.ts';

/** Whether a document keeps a schema; a library's work, which the domain is given. */
export type KeepsSchema = (schema: JsonSchema, document: unknown) => boolean;

/** Whether a checker takes this answer for a right one. */
export function isRight(checker: Checker, answer: string, keepsSchema: KeepsSchema): boolean {
  switch (checker.kind) {
    case 'exact':
      return sameText(answer.trim(), checker.value.trim(), checker.ignoreCase);
    case 'regex':
      return new RegExp(checker.pattern, checker.ignoreCase ? 'iu' : 'u').test(answer);
    case 'numeric':
      return isNear(lastNumber(answer), checker.value, checker.tolerance);
    case 'jsonSchema': {
      const document = documentIn(answer);
      return document !== undefined && keepsSchema(checker.schema, document);
    }
  }
}

function sameText(one: string, other: string, ignoreCase: boolean): boolean {
  return ignoreCase ? one.toLowerCase() === other.toLowerCase() : one === other;
}

/** Sums such as 0.1 + 0.2 are right, too. */
function isNear(found: number | null, value: number, tolerance: number): boolean {
  if (found === null) return false;
  return Math.abs(found - value) <= tolerance + 1e-9 * Math.max(1, Math.abs(value));
}

const numbers =
  /(?<![\p{L}\p{N}_])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\p{L}\p{N}_])/gu;

/**
 * The last number of a text: what an answer that reasons first ends with. `1,234.5` is one number, `−` is a minus.
 * @returns null when there is none
 */
export function lastNumber(text: string): number | null {
  const written = text.match(numbers)?.at(-1);
  return written === undefined ? null : Number(written.replaceAll(',', '').replace('−', '-'));
}

const fenced = /^```[^\n]*\n(.*?)\n?```$/s;

/** @returns undefined when the answer is no JSON */
function documentIn(answer: string): unknown {
  const whole = answer.trim();
  try {
    return JSON.parse(fenced.exec(whole)?.[1] ?? whole) as unknown;
  } catch {
    return undefined;
  }
}
