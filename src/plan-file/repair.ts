/**
 * Puts something acceptable in the place of what the schema refused, so that the rules can look at the rest of the file
 * and all problems come in one answer. Nothing is ever run with it.
 */
import type { z } from 'zod';
import { childOf, type FilePath, valueAt } from './paths.ts';
import { type RolloutFile, rolloutFile } from './schema.ts';
import { flatten } from './shape.ts';

type Issue = z.core.$ZodIssue;

/** A map that was missing shows its own missing fields one level a round; the file has seven. */
const mostRounds = 10;

const byType: Readonly<Record<string, unknown>> = {
  string: 'stand-in',
  number: 1,
  boolean: false,
  array: [],
  object: {},
  record: {},
};

/** Null when it does not succeed: then only the schema has spoken. */
export function repaired(data: unknown): RolloutFile | null {
  let attempt = data;
  for (let round = 0; round < mostRounds; round += 1) {
    const parsed = rolloutFile.safeParse(attempt);
    if (parsed.success) return parsed.data;
    // A copy: the original is what messages show.
    attempt = parsed.error.issues.flatMap(flatten).reduce(mend, structuredClone(attempt));
  }
  return null;
}

function mend(data: unknown, issue: Issue): unknown {
  const path = issue.path as FilePath;
  if (issue.code !== 'unrecognized_keys') return put(data, path, standIn(issue));
  const map = valueAt(data, path);
  const known = Object.entries(map ?? {}).filter(([key]) => !issue.keys.includes(key));
  return put(data, path, Object.fromEntries(known));
}

function standIn(issue: Issue): unknown {
  if (issue.code === 'invalid_type') return structuredClone(byType[issue.expected]);
  if (issue.code === 'invalid_value') return issue.values[0];
  // A list that must not be empty: its default stands in.
  if (issue.code === 'too_small') return undefined;
  if (issue.code === 'custom') return issue.params?.['standIn'];
  if (issue.code !== 'invalid_union') return null;
  const first = issue.errors[0]?.[0];
  if (first !== undefined) return standIn(first);
  return 'options' in issue ? issue.options[0] : null;
}

function put(data: unknown, path: FilePath, value: unknown): unknown {
  const key = path.at(-1);
  if (key === undefined) return value;
  const parent = path.slice(0, -1).reduce(childOf, data);
  if (typeof parent === 'object' && parent !== null) {
    Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return data;
}
