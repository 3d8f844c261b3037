import { type Findings, isRecord } from './prompt-problem.ts';

/** Tells a right answer from a wrong one without a judge. */
export type Checker =
  /** The whole answer, blanks around it aside. */
  | { readonly kind: 'exact'; readonly value: string; readonly ignoreCase: boolean }
  /** Matches anywhere in the answer; a JavaScript pattern, `u` mode. */
  | { readonly kind: 'regex'; readonly pattern: string; readonly ignoreCase: boolean }
  /** The answer's last number, at most `tolerance` away from `value`. */
  | { readonly kind: 'numeric'; readonly value: number; readonly tolerance: number }
  /** The whole answer is JSON that keeps the schema; a code fence around it aside. */
  | { readonly kind: 'jsonSchema'; readonly schema: JsonSchema };

/** Draft 2020-12, or draft-07 where its `$schema` says so; `true` takes any JSON. */
export type JsonSchema = boolean | Readonly<Record<string, unknown>>;

const fields = {
  exact: ['value', 'ignoreCase'],
  regex: ['pattern', 'ignoreCase'],
  numeric: ['value', 'tolerance'],
  jsonSchema: ['schema'],
} as const satisfies Record<Checker['kind'], readonly string[]>;

const longestPattern = 1000;

/** Reads the field `checker` of a prompt; what is wrong goes to `findings`. */
export function readChecker(checker: unknown, findings: Findings): Checker | null {
  if (!isRecord(checker)) {
    findings.add('checker', checker, 'a map with a kind');
    return null;
  }
  const kinds = Object.keys(fields) as Checker['kind'][];
  const kind = kinds.find((it) => it === checker['kind']);
  if (kind === undefined) {
    findings.add('checker.kind', checker['kind'], kinds.join(', '));
    return null;
  }
  const known: readonly string[] = ['kind', ...fields[kind]];
  for (const field of Object.keys(checker))
    if (!known.includes(field))
      findings.add(`checker.${field}`, checker[field], `no such field, but ${known.join(', ')}`);
  return readers[kind](checker, findings);
}

type Read = (checker: Readonly<Record<string, unknown>>, findings: Findings) => Checker;

const readers: Record<Checker['kind'], Read> = {
  exact: (checker, findings) => {
    const { value } = checker;
    const ignoreCase = flag(checker, findings);
    if (typeof value === 'string' && value.trim() !== '') return { kind: 'exact', value, ignoreCase };
    findings.add('checker.value', value, 'a text that is not empty');
    return { kind: 'exact', value: '', ignoreCase };
  },
  regex: (checker, findings) => {
    const { pattern } = checker;
    const ignoreCase = flag(checker, findings);
    if (typeof pattern === 'string' && isPattern(pattern)) return { kind: 'regex', pattern, ignoreCase };
    const allowed = `a regular expression of JavaScript (u mode), 1 to ${longestPattern} characters`;
    findings.add('checker.pattern', pattern, allowed);
    return { kind: 'regex', pattern: '', ignoreCase };
  },
  numeric: ({ value, tolerance = 0 }, findings) => {
    const right = typeof value === 'number' ? value : NaN;
    const apart = typeof tolerance === 'number' ? tolerance : NaN;
    if (Number.isNaN(right)) findings.add('checker.value', value, 'a number');
    if (!(apart >= 0)) findings.add('checker.tolerance', tolerance, 'a number, at least 0');
    return { kind: 'numeric', value: right, tolerance: apart };
  },
  jsonSchema: ({ schema }, findings) => {
    if (typeof schema === 'boolean' || isRecord(schema)) return { kind: 'jsonSchema', schema };
    findings.add('checker.schema', schema, 'a JSON Schema');
    return { kind: 'jsonSchema', schema: false };
  },
};

function flag({ ignoreCase = false }: Readonly<Record<string, unknown>>, findings: Findings): boolean {
  if (typeof ignoreCase === 'boolean') return ignoreCase;
  findings.add('checker.ignoreCase', ignoreCase, 'true or false');
  return false;
}

function isPattern(pattern: string): boolean {
  if (pattern === '' || pattern.length > longestPattern) return false;
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}
